// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessNumbers;
import io.tacho.agent.process.ProcessProbe;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.source.NodeState;
import io.tacho.model.Extra;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.Quality;
import io.tacho.testing.ManualTicker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatsdSourceTest {

    private static final Duration TWO_MINUTES = Duration.ofMinutes(2);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    private static final String[] COUNTERS = {
        "num_msg_published",
        "num_msg_queued",
        "num_msg_sent",
        "num_api_requests",
        "num_client_requests",
        "bytes_client_in",
        "bytes_client_out"
    };

    @TempDir
    private Path directory;

    private final ManualTicker ticker = new ManualTicker();
    private final IntervalRecorder recorder = new IntervalRecorder();
    private StatsdSource source = source(null);

    private StatsdSource source(Path mapping) {
        StatsdSettings settings =
                new StatsdSettings(new InetSocketAddress("127.0.0.1", 0), null, mapping, TWO_MINUTES, FIVE_MINUTES);
        return new StatsdSource(settings, "uid-1", "app_1", recorder, OtherProcess.none(), false, ticker);
    }

    private void receive(String... lines) {
        source.intake().packet(String.join("\n", lines));
    }

    private NodeState window() {
        assertThat(source.endWindow()).isTrue();
        return source.read(recorder.takeInterval());
    }

    @Test
    void counters_areOfWindow() {
        receive(
                "tacho.num_msg_published:2|c",
                "tacho.num_msg_published:3|c",
                "tacho.num_msg_queued:7|c",
                "tacho.num_msg_sent:6|c",
                "tacho.bytes_client_in:100|c",
                "tacho.bytes_client_out:200|c",
                "tacho.num_api_requests:4|c",
                "tacho.num_client_requests:8|c");

        NodeSnapshot metrics = window().snapshot();
        assertThat(metrics.number(Field.NUM_MSG_PUBLISHED)).isEqualTo(5);
        assertThat(metrics.number(Field.NUM_MSG_QUEUED)).isEqualTo(7);
        assertThat(metrics.number(Field.NUM_MSG_SENT)).isEqualTo(6);
        assertThat(metrics.number(Field.BYTES_CLIENT_IN)).isEqualTo(100);
        assertThat(metrics.number(Field.BYTES_CLIENT_OUT)).isEqualTo(200);
        assertThat(metrics.number(Field.NUM_API_REQUESTS)).isEqualTo(4);
        assertThat(metrics.number(Field.NUM_CLIENT_REQUESTS)).isEqualTo(8);
        assertThat(window().snapshot().number(Field.NUM_MSG_PUBLISHED)).isZero();
    }

    @Test
    void timers_haveCountMeanAndMaximum() {
        receive("tacho.time_api:2|ms", "tacho.time_api:4.5|ms", "tacho.time_client:0.25|ms");

        NodeSnapshot metrics = window().snapshot();
        assertThat(metrics.number(Field.NUM_API_REQUESTS)).isEqualTo(2);
        assertThat(metrics.number(Field.TIME_API_MEAN)).isEqualTo(3_250_000);
        assertThat(metrics.number(Field.TIME_API_MAX)).isEqualTo(4_500_000);
        assertThat(metrics.number(Field.NUM_CLIENT_REQUESTS)).isEqualTo(1);
        assertThat(metrics.number(Field.TIME_CLIENT_MAX)).isEqualTo(250_000);
    }

    @Test
    void sampleRates_scaleCounts() {
        for (int i = 0; i < 10; i++) {
            receive("tacho.num_msg_published:1|c|@0.3", "tacho.time_api:5|ms|@0.1");
        }

        NodeState state = window();
        assertThat(state.snapshot().number(Field.NUM_MSG_PUBLISHED)).isEqualTo(33);
        assertThat(state.snapshot().number(Field.NUM_API_REQUESTS)).isEqualTo(100);
        assertThat(state.snapshot().number(Field.TIME_API_MEAN)).isEqualTo(5_000_000);
        assertThat(state.quality().byWireName())
                .containsEntry("num_msg_published", Quality.CLOSE)
                .containsEntry("num_api_requests", Quality.CLOSE)
                .containsEntry("time_api_max", Quality.CLOSE);
    }

    @Test
    void gauges_areSetOrChangedRelatively() {
        receive(
                "tacho.num_clients:10|g",
                "tacho.num_clients:+5|g",
                "tacho.num_clients:-3|g",
                "tacho.num_channels:-9|g");
        receive("tacho.memory_sys:1.5e6|g", "tacho.started_at:1700000000|g");

        NodeState state = source.read(recorder.takeInterval());
        assertThat(state.snapshot().number(Field.NUM_CLIENTS)).isEqualTo(12);
        assertThat(state.snapshot().number(Field.NUM_CHANNELS))
                .as("gauges are never negative")
                .isZero();
        assertThat(state.snapshot().number(Field.STARTED_AT)).isEqualTo(1_700_000_000);
        assertThat(state.snapshot().number(Field.MEMORY_SYS)).isEqualTo(1_500_000);
    }

    @Test
    void sets_countDistinctValuesOfWindow() {
        receive("tacho.num_unique_clients:a|s", "tacho.num_unique_clients:b|s", "tacho.num_unique_clients:a|s");

        NodeState state = window();
        assertThat(state.snapshot().number(Field.NUM_UNIQUE_CLIENTS)).isEqualTo(2);
        assertThat(state.quality().byWireName()).containsEntry("num_unique_clients", Quality.CLOSE);
        receive("tacho.num_unique_clients:z|s");
        assertThat(window().snapshot().number(Field.NUM_UNIQUE_CLIENTS)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"9999, 0", "10000, 0", "10001, 0.025", "120000, 0.025"})
    void set_ofAnySize_isCountedInBoundedMemory(int size, double error) {
        for (int i = 0; i < size; i++) {
            receive("tacho.num_channels:c" + i + "|s");
            receive("tacho.num_channels:c" + i / 2 + "|s");
        }

        NodeState state = window();
        assertThat(state.snapshot().number(Field.NUM_CHANNELS))
                .isBetween(Math.round(size * (1 - error)), Math.round(size * (1 + error)));
        assertThat(state.quality().byWireName()).containsEntry("num_channels", Quality.CLOSE);
    }

    @Test
    void sampledTimers_countAndDurationsAreScaled() {
        receive(
                "tacho.time_api:100|ms|@0.1",
                "tacho.time_api:1|ms",
                "tacho.time_client:6|ms|@0.4",
                "tacho.time_client:6|ms|@0.4");

        NodeState state = window();
        assertThat(state.snapshot().number(Field.NUM_API_REQUESTS)).isEqualTo(11);
        assertThat(state.snapshot().number(Field.TIME_API_MEAN)).isEqualTo(1_001_000_000 / 11);
        assertThat(state.totals().timeApiSum()).isEqualTo(1_001_000_000);
        assertThat(state.counted().api().histogram().decode().count()).isEqualTo(11);
        assertThat(state.counted().api().sum()).isEqualTo(1_001_000_000);
        assertThat(state.snapshot().number(Field.NUM_CLIENT_REQUESTS)).isEqualTo(5);
        assertThat(state.totals().timeClientSum()).isEqualTo(30_000_000);
    }

    @Test
    void truncatedDatagram_completeLinesAreCounted_isReported() {
        source.intake().cutPacket("tacho.num_msg_sent:1|c\ntacho.num_msg_sent:2|c\ntacho.num_ms");

        assertThat(window().snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(3);
        assertThat(source.intake().rejected(Rejected.Reason.CUT)).isEqualTo(1);
    }

    @Test
    void quality_unreportedFieldsAreUnavailable() {
        receive("tacho.num_msg_published:1|c", "tacho.num_clients:1|g");

        assertThat(window().quality().byWireName())
                .doesNotContainKeys("num_msg_published", "num_clients", "num_cpu")
                .containsEntry("num_msg_sent", Quality.UNAVAILABLE)
                .containsEntry("num_api_requests", Quality.UNAVAILABLE)
                .containsEntry("time_api_max", Quality.UNAVAILABLE)
                .containsEntry("num_channels", Quality.UNAVAILABLE)
                .containsEntry("memory_sys", Quality.UNAVAILABLE)
                .containsEntry("cpu_usage", Quality.UNAVAILABLE)
                .containsEntry("started_at", Quality.UNAVAILABLE);
    }

    @Test
    void invalidLines_areCountedByReason_validOnesAreAccepted() {
        receive(
                "nonsense",
                "tacho.num_msg_published:1|c",
                "",
                "other.app.metric:1|c",
                "tacho.num_msg_published:1|g",
                "tacho.num_msg_published:NaN|c",
                "tacho.num_msg_published:1|zz");

        assertThat(window().snapshot().number(Field.NUM_MSG_PUBLISHED)).isEqualTo(1);
        assertThat(source.intake().rejected(Rejected.Reason.MALFORMED)).isEqualTo(1);
        assertThat(source.intake().rejected(Rejected.Reason.UNKNOWN_NAME)).isEqualTo(1);
        assertThat(source.intake().rejected(Rejected.Reason.WRONG_TYPE)).isEqualTo(1);
        assertThat(source.intake().rejected(Rejected.Reason.BAD_VALUE)).isEqualTo(1);
        assertThat(source.intake().rejected(Rejected.Reason.UNKNOWN_TYPE)).isEqualTo(1);
    }

    @Test
    void mapping_customNames() throws IOException {
        Path mapping = directory.resolve("names");
        Files.writeString(mapping, "# ours\nchat.published = num_msg_published\nchat.http.time=time_api\n");
        source = source(mapping);
        receive("chat.published:4|c", "chat.http.time:3|ms", "tacho.num_msg_sent:1|c");

        NodeSnapshot metrics = window().snapshot();
        assertThat(metrics.number(Field.NUM_MSG_PUBLISHED)).isEqualTo(4);
        assertThat(metrics.number(Field.TIME_API_MAX)).isEqualTo(3_000_000);
        assertThat(metrics.number(Field.NUM_MSG_SENT))
                .as("documented names are still accepted")
                .isEqualTo(1);
    }

    @Test
    void mapping_toUnknownField_isRejected() throws IOException {
        Path mapping = directory.resolve("names");
        Files.writeString(mapping, "chat.published = num_msg_publishd\n");

        assertThatThrownBy(() -> source(mapping))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "mapping: chat.published = 'num_msg_publishd' (expected: one of bytes_client_in, ");
    }

    @Test
    void noPackets_unavailable_thenStale_thenGone_thenBack() {
        assertThat(source.read(recorder.takeInterval())).as("nothing received").isNull();
        receive("tacho.num_clients:5|g");
        assertThat(source.read(recorder.takeInterval()).quality().byWireName()).doesNotContainKey("num_clients");

        ticker.advance(TWO_MINUTES.plusSeconds(1));
        assertThat(source.read(recorder.takeInterval()).quality().byWireName())
                .containsEntry("num_clients", Quality.STALE);

        ticker.advance(FIVE_MINUTES);
        assertThat(source.read(recorder.takeInterval())).isNull();

        receive("tacho.num_clients:6|g");
        assertThat(source.read(recorder.takeInterval()).snapshot().number(Field.NUM_CLIENTS))
                .isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tacho.%s:18446744073709551615|c",
                "tacho.%s:9007199254740992|c",
                "tacho.%s:1e300|c",
                "tacho.%s:1|c|@1e-300",
                "tacho.%s:9007199254740991:1|c",
            })
    void counter_outOfBounds_isRejected_laterValuesAreExact(String line) {
        for (String field : COUNTERS) {
            receive(line.formatted(field));
            for (int i = 0; i < 5; i++) {
                receive("tacho." + field + ":1|c");
            }
        }

        NodeState state = window();
        for (String field : COUNTERS) {
            assertThat(state.snapshot().number(Field.of(field))).as(field).isEqualTo(5);
            assertThat(state.totals().number(Field.of(field))).as(field).isEqualTo(5);
        }
        assertThat(source.intake().rejected(Rejected.Reason.TOO_LARGE)).isEqualTo(COUNTERS.length);
    }

    @Test
    void counter_reachesBound_nextWindowIsExact() {
        for (int i = 0; i < 3_000; i++) {
            receive("tacho.num_msg_sent:9007199254740991|c", "tacho.num_msg_sent:9007199254740991|c");
            assertThat(window().snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(9_007_199_254_740_991L);
        }
        long before = window().totals().numMsgSent();
        receive("tacho.num_msg_sent:5|c");

        NodeState state = window();
        assertThat(state.snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(5);
        assertThat(state.totals().numMsgSent() - before).isEqualTo(5);
    }

    @Test
    void counter_negative_isSubtractedFromWindow() {
        receive("tacho.num_msg_sent:3|c", "tacho.num_msg_sent:-2|c", "tacho.num_msg_sent:-2|c");

        assertThat(window().snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(1);
        assertThat(source.intake().rejected(Rejected.Reason.BELOW_ZERO)).isEqualTo(1);
    }

    @Test
    void counter_negative_doesNotDecreaseTotal() {
        receive("tacho.num_msg_sent:3|c");
        assertThat(window().totals().numMsgSent()).isEqualTo(3);
        receive("tacho.num_msg_sent:5|c");
        assertThat(source.read(recorder.takeInterval()).totals().numMsgSent()).isEqualTo(8);
        receive("tacho.num_msg_sent:-4|c");
        assertThat(source.read(recorder.takeInterval()).totals().numMsgSent()).isEqualTo(8);
        receive("tacho.num_msg_sent:6|c");

        NodeState state = window();
        assertThat(state.totals().numMsgSent()).isEqualTo(10);
        assertThat(state.snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(7);
    }

    @Test
    void timer_outOfBounds_isRejected_laterValuesAreExact() {
        receive(
                "tacho.time_api:1|ms|@0.0000000000000000001",
                "tacho.time_api:1e300|ms",
                "tacho.time_api:5:9007199255|ms",
                "tacho.time_api:-1|ms",
                "tacho.time_api:2|ms");

        NodeState state = window();
        assertThat(state.snapshot().number(Field.NUM_API_REQUESTS)).isEqualTo(1);
        assertThat(state.snapshot().number(Field.TIME_API_MEAN)).isEqualTo(2_000_000);
        assertThat(state.totals().numApiRequests()).isEqualTo(1);
        assertThat(source.intake().rejected(Rejected.Reason.TOO_LARGE)).isEqualTo(3);
    }

    @Test
    void timer_sumOfWindow_doesNotOverflow() {
        for (int i = 0; i < 3_000; i++) {
            receive("tacho.time_api:9007199254|ms");
        }
        assertThat(window().snapshot().number(Field.TIME_API_MEAN)).isEqualTo(9_007_199_254_000_000L);
        receive("tacho.time_api:2|ms");

        assertThat(window().snapshot().number(Field.TIME_API_MEAN)).isEqualTo(2_000_000);
    }

    @Test
    void gauge_outOfBounds_lastValueIsKept() {
        receive("tacho.num_clients:7|g", "tacho.num_clients:1e300|g", "tacho.num_clients:+9007199254740991|g");
        receive("tacho.num_clients:+1|g");

        assertThat(window().snapshot().number(Field.NUM_CLIENTS)).isEqualTo(8);
    }

    @Test
    void process_notObservable_nodeExistsUntilItIsSilent() {
        ProcessProbe blind = new ProcessProbe() {
            @Override
            public Optional<ProcessNumbers> sample() {
                return Optional.empty();
            }

            @Override
            public boolean isConclusive() {
                return false;
            }
        };
        StatsdSettings settings =
                new StatsdSettings(new InetSocketAddress("127.0.0.1", 0), null, null, TWO_MINUTES, FIVE_MINUTES);
        OtherProcess process = new OtherProcess(blind, ticker, ticker);
        source = new StatsdSource(settings, "uid-1", "app_1", recorder, process, true, ticker);
        receive("tacho.num_clients:3|g");

        assertThat(source.read(recorder.takeInterval())).isNotNull();
        ticker.advance(FIVE_MINUTES.plusSeconds(1));
        assertThat(source.read(recorder.takeInterval())).isNull();
        assertThat(source.isLost()).isFalse();
    }

    @Test
    void line_endsWithSpaceOrNul_isAccepted() {
        source.intake().packet("tacho.num_msg_sent:100|c \ntacho.num_msg_sent:7|c\u0000\n\u0000");
        source.intake().packet("tacho.num_msg_sent:20|c\r\n");

        assertThat(window().snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(127);
        assertThat(source.intake().rejected(Rejected.Reason.MALFORMED)).isZero();
        assertThat(source.intake().rejected(Rejected.Reason.UNKNOWN_TYPE)).isZero();
    }

    @Test
    void extras_areDefinedByMapping() throws IOException {
        Path mapping = directory.resolve("extras");
        Files.writeString(mapping, "app.jobs = extra.jobs{kind=\"a\"}\napp.subs = extra.num_subs\n");
        source = source(mapping);
        receive("app.jobs:2|c", "app.jobs,host=x:3|c|#a:b", "app.subs:70|g", "app.subs:+5|g", "app.subs:7|ms");

        assertThat(window().extras().byName())
                .isEqualTo(Map.of("jobs{kind=\"a\"}", Extra.counter(5, 5), "num_subs", Extra.gauge(75)));
        assertThat(source.intake().rejected(Rejected.Reason.WRONG_TYPE)).isEqualTo(1);
        assertThat(window().extras().byName()).containsEntry("jobs{kind=\"a\"}", Extra.counter(0, 5));
    }

    @Test
    void extras_invalidName_isRejected() throws IOException {
        Path mapping = directory.resolve("extras");
        Files.writeString(mapping, "app.jobs = extra.Jobs\n");

        assertThatThrownBy(() -> source(mapping))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("mapping: app.jobs = extras: name 'Jobs' (expected: ");
    }
}
