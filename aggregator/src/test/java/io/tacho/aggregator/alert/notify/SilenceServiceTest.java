// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.aggregator.alert.notify.SilenceService.Result;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Silences that are created and ended by the API of one of two aggregators. */
class SilenceServiceTest extends AlertEngineTestBase {

    private SilenceService service;

    @BeforeEach
    void createService() {
        onBoth(aggregator -> aggregator.applyConfig("rule slow time_api_max > 300ms"));
        // the second aggregator is not the leader
        service = new SilenceService(store.connect(), other.latestStatus, Runnable::run, ticker);
        runFor(5);
    }

    private static String body(String rules, String nodes, Instant endsAt) {
        return "{\"matchers\":[{\"name\":\"alertname\",\"value\":\"" + rules + "\"},{\"name\":\"node\",\"value\":\""
                + nodes + "\"}],\"endsAt\":\"" + endsAt + "\",\"comment\":\"upgrade\"}";
    }

    private Result create(String body) {
        return service.create(body.getBytes(StandardCharsets.UTF_8))
                .toCompletableFuture()
                .join();
    }

    private Instant fromNow(Duration duration) {
        return ticker.instant().plus(duration);
    }

    private void beatSlow(String name, long window) {
        onBoth(aggregator -> aggregator.beat(name, window, 400_000_000));
    }

    @Test
    void silence_isInEffectAtTheLeader_andListedByBoth_untilItEnds() {
        Result created = create(body("slow", "chat_*", fromNow(Duration.ofMinutes(10))));
        assertThat(created.status()).isEqualTo(201);
        runFor(2);
        beatSlow("chat_1", 1);
        beatSlow("web_1", 1);
        runFor(60);

        assertThat(webhook.texts()).hasSize(1);
        assertThat(webhook.texts().get(0)).contains("web_1").doesNotContain("chat_1");
        onBoth(aggregator -> {
            JsonNode silence = aggregator.statusJson().at("/silences/0");
            assertThat(silence.path("id").asText()).isEqualTo(created.message());
            assertThat(silence.path("comment").asText()).isEqualTo("upgrade");
            assertThat(silence.at("/matchers/1/value").asText()).isEqualTo("chat_*");
            assertThat(silence.at("/status/state").asText()).isEqualTo("active");
        });

        assertThat(service.end(created.message()).toCompletableFuture().join().status())
                .isEqualTo(200);
        runFor(60);
        assertThat(webhook.texts()).hasSize(2);
        assertThat(webhook.texts().get(1)).contains("chat_1");
        onBoth(aggregator ->
                assertThat(aggregator.statusJson().path("silences")).isEmpty());
        assertThat(service.end(created.message()).toCompletableFuture().join().status())
                .isEqualTo(404);
    }

    @Test
    void expiredSilence_isRemoved_andItsAlertsAreNotified() {
        create(body("*", "*", fromNow(Duration.ofSeconds(100))));
        runFor(2);
        beatSlow("chat_1", 1);
        runFor(60);
        assertThat(webhook.attempts()).isZero();

        runFor(60);

        assertThat(webhook.texts()).hasSize(1);
        assertThat(store.entries().keySet()).noneMatch(key -> key.startsWith("silence/"));
    }

    @Test
    void silence_storeIsFlushed_isRestored() {
        create(body("slow", "*", fromNow(Duration.ofMinutes(10))));
        runFor(5);
        store.flush();
        runFor(15);

        assertThat(store.entries().keySet()).anyMatch(key -> key.startsWith("silence/"));
    }

    @Test
    void unreachableStore_isReported() {
        store.setReachable(false);

        assertThat(create(body("slow", "*", fromNow(Duration.ofMinutes(10)))).toString())
                .contains("503")
                .contains("the silence was not stored in Redis: not reachable");
    }

    @Test
    void create_withoutRulesOrBeyondTheLimit_isRejected() {
        SilenceService idle = new SilenceService(store.connect(), new LatestAlertStatus(), Runnable::run, ticker);
        byte[] body = body("slow", "*", fromNow(Duration.ofMinutes(10))).getBytes(StandardCharsets.UTF_8);
        assertThat(idle.create(body).toCompletableFuture().join())
                .isEqualTo(new Result(409, "this aggregator has no alert rules (expected: --alerts)"));
        for (int i = 0; i < SilenceService.MAX_SILENCES; i++) {
            assertThat(service.create(body).toCompletableFuture().join().status())
                    .isEqualTo(201);
        }
        Result oneMore = service.create(body).toCompletableFuture().join();
        runFor(20);

        assertThat(oneMore.message()).isEqualTo("100 silences exist already (expected: fewer); end one");
        assertThat(service.create(body).toCompletableFuture().join())
                .isEqualTo(new Result(409, "100 silences exist already (expected: fewer); end one"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "x | body: no JSON (expected: an object)",
                "{} | matchers: none (expected: [{\"name\":\"alertname\",\"value\":\"RULE\"}])",
                "{\"matchers\":[]} | matchers: no alertname (expected: the name of a rule; * matches any text)",
                "{\"matchers\":[{\"name\":\"uid\",\"value\":\"a\"}]} | matchers: 'uid' (expected: alertname or node, each once)",
                "{\"matchers\":[{\"name\":\"node\",\"value\":\"a\"},{\"name\":\"node\",\"value\":\"b\"}]} | matchers: 'node' (expected: alertname or node, each once)",
                "{\"matchers\":[{\"name\":\"node\",\"value\":\"a\",\"isEqual\":false}]} | isEqual: false (expected: true, what does match)",
                "{\"matchers\":[{\"name\":\"node\",\"value\":\"a.*\",\"isRegex\":true}]} | isRegex: true (expected: false; * and ? match any text and character)",
                "{\"matchers\":[{\"name\":\"node\",\"value\":1}]} | matchers.node: 0 characters (expected: a text of 1 to 255, no control characters)",
                "{\"matchers\":[{\"name\":\"alertname\",\"value\":\"a\"}]} | endsAt: '' (expected: a time with its zone, e.g. 2026-12-01T00:00Z)",
                "{\"matchers\":[{\"name\":\"alertname\",\"value\":\"a\"}],\"endsAt\":\"2026-01-01T00:00Z\"} | endsAt: 2026-01-01T00:00:00Z (expected: later than now and than startsAt)",
                "{\"matchers\":[{\"name\":\"alertname\",\"value\":\"a\"}],\"endsAt\":\"2028-01-01T00:00Z\"} | endsAt: 2028-01-01T00:00:00Z (expected: within a year)",
            })
    void invalidRequest_statesTheFoundAndTheExpectedValue(String body, String error) {
        Instant now = Instant.parse("2026-11-28T00:00:00Z");

        assertThatThrownBy(() -> SilenceRequest.parse(body.getBytes(StandardCharsets.UTF_8), now))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(error);
    }
}
