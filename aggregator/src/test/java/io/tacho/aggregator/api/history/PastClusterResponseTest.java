// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api.history;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.batch;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.history.HistoryField;
import io.tacho.aggregator.history.HistoryService;
import io.tacho.aggregator.period.InMemoryPeriods;
import io.tacho.aggregator.period.PeriodHistory;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.period.PeriodCalendar;
import io.tacho.model.period.Tier;
import io.tacho.store.ClusterClock;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.Summaries;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PastClusterResponseTest {

    private static final long START = SLOT / 1_000;

    private final PeriodCalendar utc = new PeriodCalendar(ZoneId.of("UTC"));
    private final ManualScheduler ticker =
            new ManualScheduler(Instant.ofEpochSecond(START).plus(Duration.ofMinutes(10)));
    private final InMemoryTransport transport = new InMemoryTransport(ticker);
    private final InMemoryPeriods periods = new InMemoryPeriods();
    private final HistoryService history = new HistoryService(
            transport.history(),
            new ClusterView(new SnapshotCodec(), ticker, 1_000),
            ticker,
            new ClusterClock(ticker, ticker),
            ticker);
    private final PastClusterResponse response =
            new PastClusterResponse(history, new PeriodHistory(periods, utc, ticker, ticker), ticker);

    @BeforeEach
    void start() {
        history.start();
    }

    private void upload(int minute, long factor) {
        transport
                .publisher()
                .upload(batch("u", 60L * minute, 60L * (minute + 1), minute(SLOT + 60_000L * minute, factor)))
                .toCompletableFuture()
                .join();
        ticker.advance(Duration.ofSeconds(30));
    }

    private void store(Tier tier, long factor) {
        periods.put(utc.containing(tier, START), Summaries.minute(SLOT, 2, factor));
    }

    private Optional<byte[]> body(long at) {
        CompletableFuture<Optional<byte[]>> body = response.body(at).toCompletableFuture();
        for (int i = 0; i < 10; i++) {
            ticker.runPending();
        }
        return body.join();
    }

    private JsonNode json(long at) throws IOException {
        return new ObjectMapper().readTree(body(at).orElseThrow());
    }

    @Test
    void window_thatContainsTheTime_isPreferred() throws IOException {
        upload(0, 10);
        upload(1, 20);
        store(Tier.HOUR, 30);

        JsonNode json = json(START + 90);

        assertThat(json.path("at").asLong()).isEqualTo(START + 90);
        assertThat(json.path("source").asText()).isEqualTo("window");
        assertThat(json.path("from").asLong()).isEqualTo(START + 60);
        assertThat(json.path("to").asLong()).isEqualTo(START + 120);
        assertThat(json.path("precision_seconds").asLong()).isEqualTo(60);
        assertThat(json.path("fields").path("num_msg_published").asLong()).isEqualTo(20);
        assertThat(json.path("fields").fieldNames()).toIterable().containsExactlyElementsOf(HistoryField.wireNames());
    }

    @Test
    void windowBeforeTheTime_isNotUsed() throws IOException {
        upload(0, 10);
        store(Tier.HOUR, 30);

        assertThat(json(START + 59).path("source").asText()).isEqualTo("window");
        assertThat(json(START + 60).path("source").asText()).isEqualTo("hour");
    }

    @ParameterizedTest
    @EnumSource(
            value = Tier.class,
            names = {"HOUR", "DAY", "MONTH"})
    void missingFinerUnits_coarserUnitsAreUsed(Tier tier) throws IOException {
        store(Tier.MONTH, 3);
        if (tier != Tier.MONTH) {
            store(Tier.DAY, 2);
        }
        if (tier == Tier.HOUR) {
            store(Tier.HOUR, 1);
        }

        JsonNode json = json(START + 7);

        assertThat(json.path("source").asText()).isEqualToIgnoringCase(tier.name());
        assertThat(json.path("from").asLong())
                .isEqualTo(utc.containing(tier, START).startSeconds());
        assertThat(json.path("to").asLong())
                .isEqualTo(utc.containing(tier, START).endSeconds());
        assertThat(json.path("precision_seconds").asLong())
                .isEqualTo(json.path("to").asLong() - json.path("from").asLong());
        assertThat(json.path("fields").path("num_channels").isNull())
                .as("no sketches")
                .isTrue();
    }

    @Test
    void nothingStored_isEmpty() {
        store(Tier.DAY, 2);

        assertThat(body(START - 86_400 * 2)).isEmpty();
        assertThat(body(0)).as("before the first unit").isEmpty();
        assertThat(body(1)).isEmpty();
    }

    @Test
    void at_isNotInTheFuture() {
        long now = ticker.instant().getEpochSecond();

        assertThat(response.at(Long.toString(now))).isEqualTo(now);
        assertThat(response.at("0")).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> response.at(Long.toString(now + 1)))
                .withMessage("at: " + (now + 1) + " (expected: not after now, " + now + ")");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> response.at("yesterday"))
                .withMessageStartingWith("at: 'yesterday' (expected: ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> response.at("-99999999999999"))
                .withMessageStartingWith("at: ");
    }
}
