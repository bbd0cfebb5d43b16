// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.process.ChildProcess;
import io.tacho.testing.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Alerts with a real Redis server, a real webhook and several aggregators. */
class AlertsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    /** Longer than the delay of a further notification. */
    private static final Duration NO_NOTIFICATION_PERIOD = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private final Resources resources = new Resources();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Logger tachoLogger = (Logger) LoggerFactory.getLogger("io.tacho");

    private EmbeddedRedis redis;
    private BeatingNodes nodes;
    private TestWebhook webhook;
    private Path file;

    @BeforeEach
    void start() throws Exception {
        tachoLogger.setLevel(Level.DEBUG);
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        root.addAppender(log);
        redis = resources.closeLater(EmbeddedRedis.start());
        webhook = resources.closeLater(TestWebhook.start());
        file = rules("rule node-lost lost");
        nodes = resources.closeLater(new BeatingNodes(redis.uri()));
    }

    @AfterEach
    void stop() {
        resources.close();
        root.detachAppender(log);
        tachoLogger.setLevel(null);
    }

    @AfterEach
    void assertThatNoLogHasTheSecret() {
        assertThat(List.copyOf(log.list))
                .isNotEmpty()
                .noneMatch(event -> event.getFormattedMessage().contains(TestWebhook.SECRET)
                        || String.valueOf(event.getThrowableProxy()).contains(TestWebhook.SECRET));
    }

    private Path rules(String... lines) throws IOException {
        return Files.writeString(
                directory.resolve("alerts"), String.join("\n", lines) + "\nwebhook " + webhook.url() + "\n");
    }

    private TestAggregator aggregator() throws Exception {
        TestAggregator aggregator = resources.closeLater(TestAggregator.start(redis.uri()));
        assertThat(aggregator.setAlertConfig(file)).startsWith("alerts: ").doesNotContain(TestWebhook.SECRET);
        return aggregator;
    }

    private static void awaitLeader(TestAggregator aggregator) {
        await().atMost(TIMEOUT).until(() -> aggregator.alerts().path("leader").asBoolean());
    }

    private void awaitTexts(String... texts) {
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(webhook.texts()).containsExactly(texts));
    }

    private void assertNoFurtherNotification() {
        int attempts = webhook.attempts.get();
        await().during(NO_NOTIFICATION_PERIOD).atMost(TIMEOUT).until(() -> webhook.attempts.get() == attempts);
    }

    @Test
    void threeAggregators_oneNotification_leaderCloses_anotherTakesOver() throws Exception {
        nodes.start("a", "b");
        TestAggregator first = aggregator();
        awaitLeader(first);
        List<TestAggregator> others = List.of(aggregator(), aggregator());
        for (TestAggregator aggregator : others) {
            aggregator.awaitNodes("a", "b");
        }

        nodes.lose("a");
        awaitTexts("FIRING node-lost (1): a: lost");
        assertNoFurtherNotification();
        String id = webhook.messages.get(0).at("/alerts/0/id").asText();
        for (TestAggregator aggregator : others) {
            assertThat(aggregator.alerts().at("/alerts/0/id").asText()).isEqualTo(id);
            assertThat(aggregator.alerts().at("/alerts/0/notified").asBoolean()).isTrue();
        }

        first.close();
        nodes.lose("b");
        nodes.start("a");
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(webhook.texts().stream().skip(1).flatMap(String::lines))
                        .containsExactlyInAnyOrder(
                                "FIRING node-lost (1): b: lost",
                                "RESOLVED node-lost (1): a: lost, reason: the node is back"));
        assertNoFurtherNotification();
        assertThat(webhook.messages.stream()
                        .map(message -> message.path("aggregator").asText())
                        .distinct())
                .hasSize(2);
    }

    @Test
    void leaderKilled_anotherLeaderNotifies_andTheLogHasNoSecret() throws Exception {
        webhook.setStatus(500);
        nodes.start("a", "b");
        ChildProcess leader = resources.closeLater(Programs.aggregator(redis.uri(), "--alerts", file.toString()));
        await().atMost(TIMEOUT).until(() -> leader.log().contains("following 2 nodes"));
        // it is the leader when it sends a notification
        nodes.lose("a");
        await().atMost(TIMEOUT).until(() -> webhook.attempts.get() > 0);
        TestAggregator other = aggregator();
        other.awaitNodes("b");
        await().atMost(TIMEOUT).until(() -> other.alerts().path("firing").asInt() == 1);
        assertThat(other.alerts().path("leader").asBoolean()).isFalse();
        String id = other.alerts().at("/alerts/0/id").asText();

        leader.kill();
        webhook.setStatus(200);
        nodes.lose("b");

        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(webhook.texts().stream().flatMap(String::lines))
                        .isSubsetOf(
                                "FIRING node-lost (2): a: lost; b: lost",
                                "FIRING node-lost (1): a: lost",
                                "FIRING node-lost (1): b: lost")
                        .isNotEmpty());
        assertThat(webhook.messages.get(0).at("/alerts/0/id").asText()).isEqualTo(id);
        assertThat(leader.log())
                .contains("alert FIRING node-lost (1): a: lost", "/***: status 500 (expected: 200 to 299)")
                .doesNotContain(TestWebhook.SECRET);
    }

    @Test
    void redisRestartsEmpty_alertsAreRestored_andNotNotifiedTwice() throws Exception {
        nodes.start("a", "b");
        TestAggregator one = aggregator();
        TestAggregator other = aggregator();
        one.awaitNodes("a", "b");
        other.awaitNodes("a", "b");
        nodes.lose("a");
        awaitTexts("FIRING node-lost (1): a: lost");
        await().atMost(TIMEOUT)
                .until(() -> one.alerts().at("/alerts/0/notified").asBoolean()
                        && other.alerts().at("/alerts/0/notified").asBoolean());

        redis.stopServer();
        await().atMost(TIMEOUT).until(() -> !one.isReady() && !other.isReady());
        assertNoFurtherNotification();
        redis.startServer();
        one.awaitNodes("b");
        other.awaitNodes("b");
        assertNoFurtherNotification();
        assertThat(webhook.messages).hasSize(1);

        nodes.start("a");
        awaitTexts("FIRING node-lost (1): a: lost", "RESOLVED node-lost (1): a: lost, reason: the node is back");
    }

    @Test
    void webhookDown_isRetried_andReloadedRulesApply() throws Exception {
        webhook.setStatus(503);
        nodes.start("a", "b", "c");
        TestAggregator aggregator = aggregator();
        aggregator.awaitNodes("a", "b", "c");
        awaitLeader(aggregator);
        nodes.lose("a");
        await().atMost(TIMEOUT).until(() -> webhook.attempts.get() >= 2);
        assertThat(aggregator.alerts().at("/notifications/0/statusCode").asInt())
                .isEqualTo(503);

        rules("rule node-lost lost", "rule few nodes < 2", "silence few until 2999-01-01T00:00Z");
        assertThat(aggregator.setAlertConfig(file)).startsWith("alerts: 2 rules, 1 silence, webhook http://127.0.0.1:");
        assertThat(aggregator.setAlertConfig(file)).isEmpty();
        webhook.setStatus(200);
        awaitTexts("FIRING node-lost (1): a: lost");

        nodes.lose("b");
        await().atMost(TIMEOUT).until(() -> webhook.messages.size() == 2);
        assertThat(webhook.texts().get(1)).isEqualTo("FIRING node-lost (1): b: lost");
        await().atMost(TIMEOUT).until(() -> aggregator.alerts().path("firing").asInt() == 3);
        assertThat(aggregator.alerts().at("/alerts/0/silenced").asBoolean()).isTrue();
        await().untilAsserted(() -> assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .contains(
                        "alert, silenced, FIRING few (1): 1 node (nodes < 2)", "alert FIRING node-lost (1): b: lost"));
    }

    @Test
    void invalidFile_isRejectedAtStartup_andByCheckAlerts() throws Exception {
        Path invalid = Files.writeString(directory.resolve("invalid"), "rule a lots\nrule b time_api_max > 5\n");
        ChildProcess rejected = resources.closeLater(Programs.aggregator(redis.uri(), "--alerts", invalid.toString()));
        assertThat(rejected.awaitExit()).isEqualTo(2);
        assertThat(rejected.log())
                .contains("alerts: " + invalid + ": 2 errors\n  line 1: 'lots' (expected: perhaps lost)");

        ChildProcess checked =
                resources.closeLater(Programs.aggregator(redis.uri(), "--check-alerts", file.toString()));
        assertThat(checked.awaitExit()).isZero();
        assertThat(checked.out()).contains("rule node-lost  lost").doesNotContain(TestWebhook.SECRET);
        // each test logs something
        tachoLogger.debug("done");
    }
}
