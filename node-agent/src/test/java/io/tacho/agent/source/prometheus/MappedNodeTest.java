// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessNumbers;
import io.tacho.agent.process.ProcessProbe;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.NodeState;
import io.tacho.agent.source.scrape.ScrapeSettings;
import io.tacho.agent.source.scrape.ScrapedSources;
import io.tacho.model.Extra;
import io.tacho.model.Field;
import io.tacho.model.Quality;
import io.tacho.sketch.DurationHistogram;
import io.tacho.testing.ManualTicker;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests each preset with two captured scrapes of a real program, and the features of mappings. */
class MappedNodeTest {

    private static final Mapping MAPPING_OF_SERIES = Mapping.parse("num_msg_sent = m * 2\ntime_api = t");

    private final ManualTicker ticker = new ManualTicker();
    private String response = "";

    private NodeSource source(Mapping mapping) {
        return source(mapping, OtherProcess.none());
    }

    private NodeSource source(Mapping mapping, OtherProcess process) {
        ScrapeSettings settings = new ScrapeSettings(
                URI.create("http://rt-1.example:8000/metrics"),
                null,
                null,
                null,
                null,
                Duration.ofSeconds(2),
                Duration.ofSeconds(15));
        MappedNode node = new MappedNode(mapping, settings, null, new ProcessSampler(), process);
        return ScrapedSources.of(
                settings, mapping.form(), node, () -> CompletableFuture.completedFuture(response), ticker);
    }

    private NodeState after(Mapping mapping, String first, String second) {
        NodeSource source = source(mapping);
        response = first;
        source.refresh();
        ticker.advance(Duration.ofSeconds(10));
        response = second;
        source.refresh();
        assertThat(source.endWindow()).isTrue();
        return source.read(RecordedInterval.EMPTY);
    }

    private NodeState afterPreset(String name, String suffix) throws IOException {
        return after(Mapping.named(name), resource(name + "_1." + suffix), resource(name + "_2." + suffix));
    }

    private static String resource(String name) throws IOException {
        try (InputStream stream = MappedNodeTest.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), UTF_8);
        }
    }

    @Test
    void alternativeMetric_firstValueIsBaseline() throws IOException {
        NodeSource source = source(Mapping.parse("num_msg_published = a_total * 2 | b_total"));
        List<String> pages =
                List.of("a_total 20", "b_total 1000", "b_total 1005", "b_total 1007\na_total 25", "a_total 27");
        List<Long> published = new ArrayList<>();
        List<Long> totals = new ArrayList<>();
        Set<String> uids = new HashSet<>();
        for (String page : pages) {
            response = "process_start_time_seconds 1795847701\n" + page + "\n";
            source.refresh();
            ticker.advance(Duration.ofSeconds(10));
            source.endWindow();
            NodeState state = source.read(RecordedInterval.EMPTY);
            published.add(state.snapshot().number(Field.NUM_MSG_PUBLISHED));
            totals.add(state.totals().numMsgPublished());
            uids.add(state.snapshot().uid());
        }

        assertThat(published).containsExactly(0L, 0L, 5L, 0L, 4L);
        assertThat(totals).containsExactly(40L, 40L, 45L, 45L, 49L);
        assertThat(uids).hasSize(1);
    }

    @Test
    void preset_nats() throws IOException {
        NodeState state = afterPreset("nats", "json");

        assertThat(state.version()).isEqualTo("2.15.1");
        assertThat(state.snapshot().number(Field.STARTED_AT)).isEqualTo(1_795_847_701);
        assertThat(state.snapshot().number(Field.NUM_CLIENTS)).isEqualTo(4);
        assertThat(state.snapshot().number(Field.GOMAXPROCS)).isEqualTo(2);
        assertThat(state.snapshot().number(Field.NUM_MSG_PUBLISHED)).isEqualTo(40);
        assertThat(state.snapshot().number(Field.NUM_MSG_SENT))
                .as("sent to 3 subscribers")
                .isEqualTo(120);
        assertThat(state.snapshot().number(Field.BYTES_CLIENT_IN)).isEqualTo(200);
        assertThat(state.snapshot().number(Field.BYTES_CLIENT_OUT)).isEqualTo(600);
        assertThat(state.snapshot().number(Field.MEMORY_SYS)).isGreaterThan(10_000_000);
        assertThat(state.totals().numMsgSent()).isEqualTo(150);
        assertThat(state.counted().extras().byName()).containsEntry("connects", Extra.counter(4, 8));
        assertThat(state.extras().byName()).containsOnlyKeys("num_subs");
        assertThat(state.quality().byWireName())
                .containsEntry("num_client_requests", Quality.UNAVAILABLE)
                .containsEntry("time_api_mean", Quality.UNAVAILABLE)
                .containsEntry("num_msg_queued", Quality.BOUND)
                .doesNotContainKey("num_clients");
    }

    @Test
    void preset_socketio() throws IOException {
        NodeState state = afterPreset("socketio", "txt");

        assertThat(state.version()).isEqualTo("v20.20.2");
        assertThat(state.snapshot().number(Field.NUM_CLIENTS)).isEqualTo(2);
        assertThat(state.snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(200);
        assertThat(state.snapshot().number(Field.NUM_CLIENT_REQUESTS)).isEqualTo(200);
        assertThat(state.snapshot().number(Field.BYTES_CLIENT_IN)).isEqualTo(600);
        assertThat(state.snapshot().number(Field.MEMORY_SYS)).isEqualTo(57_655_296);
        assertThat(state.snapshot().number(Field.CPU_USAGE))
                .as("0.19 s CPU time in 10 s")
                .isEqualTo(2);
        assertThat(state.counted().extras().byName())
                .containsEntry("connects", Extra.counter(2, 5))
                .containsEntry("disconnects", Extra.counter(3, 3));
    }

    @Test
    void preset_soketi() throws IOException {
        NodeState state = afterPreset("soketi", "txt");

        // matches the counts of the five clients
        assertThat(state.snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(250);
        assertThat(state.snapshot().number(Field.NUM_CLIENT_REQUESTS)).isEqualTo(45);
        assertThat(state.snapshot().number(Field.NUM_API_REQUESTS)).isEqualTo(40);
        assertThat(state.snapshot().number(Field.BYTES_CLIENT_IN)).isEqualTo(1_590);
        assertThat(state.snapshot().number(Field.BYTES_CLIENT_OUT)).isEqualTo(12_583);
        assertThat(state.snapshot().number(Field.MEMORY_SYS)).isGreaterThan(50_000_000);
        assertThat(state.counted().extras().byName())
                .containsEntry("connects", Extra.counter(5, 10))
                .containsEntry("disconnects", Extra.counter(5, 10));
        assertThat(state.quality().byWireName())
                .containsEntry("num_msg_queued", Quality.BOUND)
                .doesNotContainKeys("num_clients", "num_msg_sent", "bytes_client_in", "bytes_client_out");
    }

    @Test
    void preset_micrometer() throws IOException {
        // CPU time between the captured scrapes is below one percent
        String first = resource("micrometer_1.txt")
                .replace("process_cpu_time_ns_total 4.0E8", "process_cpu_time_ns_total 1.5E8");
        NodeState state = after(Mapping.named("micrometer"), first, resource("micrometer_2.txt"));

        DurationHistogram times = state.counted().api().histogram().decode();
        assertThat(state.snapshot().number(Field.NUM_GOROUTINE)).isEqualTo(6);
        assertThat(state.snapshot().number(Field.CPU_USAGE))
                .as("0.3 s CPU time in 10 s")
                .isEqualTo(3);
        assertThat(state.snapshot().number(Field.NUM_API_REQUESTS)).isEqualTo(100);
        assertThat(state.snapshot().number(Field.TIME_API_MEAN)).isEqualTo(6_950_000);
        assertThat(times.quantile(0.5))
                .as("median of 2 to 11.9 ms, uniformly distributed")
                .isBetween(6_600_000L, 7_300_000L);
        assertThat(times.quantile(0.99)).isBetween(11_500_000L, 12_600_000L);
        assertThat(state.quality().byWireName())
                .containsEntry("time_api", Quality.CLOSE)
                .containsEntry("time_api_max", Quality.BOUND)
                .doesNotContainKey("cpu_usage");
    }

    /** Requests of the agent itself are excluded. */
    @Test
    void preset_micrometer_springBootRequests() throws IOException {
        NodeState state =
                after(Mapping.named("micrometer"), resource("spring_boot_1.txt"), resource("spring_boot_2.txt"));

        assertThat(state.snapshot().number(Field.NUM_API_REQUESTS)).isEqualTo(60);
        assertThat(state.totals().numApiRequests()).isEqualTo(63);
        assertThat(state.snapshot().number(Field.NUM_GOROUTINE)).isEqualTo(21);
        assertThat(state.snapshot().number(Field.STARTED_AT)).isEqualTo(1_795_861_488);
        assertThat(state.snapshot().number(Field.GOMAXPROCS)).isEqualTo(2);
        assertThat(state.counted().api().histogram().decode().quantile(0.99))
                .as("three of sixty take 120 ms")
                .isBetween(110_000_000L, 150_000_000L);
    }

    @Test
    void cpuTime_inNanoseconds_afterLongUptime() {
        NodeState state = after(
                Mapping.parse("num_clients = c\ncpu_seconds = process_cpu_time_ns_total * 1e-9"),
                "process_cpu_time_ns_total 2e16\n",
                "process_cpu_time_ns_total 2.000002e16\n");

        assertThat(state.snapshot().number(Field.CPU_USAGE))
                .as("20 s CPU time in 10 s")
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sent_total x\nt_count 1\nt_sum 1\n",
                "sent_total{a=\"1\"} 7\nsent_total{a=\"2\"} NaN\nt_count 1\nt_sum 1\n",
                "sent_total 7\nt_count x\nt_sum 1\n",
                "sent_total 7\nt_count 1\nt_sum NaN\n",
            })
    void totals_oneInvalid_areUnknown(String unreadable) {
        Mapping mapping = Mapping.parse("num_msg_sent = sent_total | sent\nnum_msg_published = absent\ntime_api = t");
        String readable = "sent_total 7\nt_count 1\nt_sum 1\n";

        assertThat(after(mapping, readable, unreadable).totals()).isNull();
        NodeState again = after(mapping, unreadable, readable);
        assertThat(again.totals().numMsgSent()).isEqualTo(7);
        assertThat(again.totals().numMsgPublished()).as("absent metric").isZero();
    }

    @Test
    void partOfSumInvalid_isNotRestart() {
        NodeSource source = source(Mapping.parse("num_msg_sent = a + b"));
        response = "a 5\nb 5\n";
        source.refresh();
        String uid = source.read(RecordedInterval.EMPTY).snapshot().uid();
        response = "a 6\nb x\n";
        source.refresh();

        assertThat(source.read(RecordedInterval.EMPTY).snapshot().uid()).isEqualTo(uid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "NaN"})
    void times_invalidBucket_earlierDurationsAreNotCounted(String count) {
        Mapping mapping = Mapping.parse("time_api = t\nextra.lag = timer t");
        String first =
                "t_bucket{le=\"1\"} 100\nt_bucket{le=\"2\"} %s\nt_bucket{le=\"+Inf\"} 100\nt_count 100\nt_sum 50\n";
        String second =
                "t_bucket{le=\"1\"} 101\nt_bucket{le=\"2\"} %s\nt_bucket{le=\"+Inf\"} 101\nt_count 101\nt_sum 51\n";

        for (NodeState state : List.of(
                after(mapping, first.formatted(count), second.formatted("101")),
                after(mapping, first.formatted("100"), second.formatted(count)))) {
            assertThat(state.snapshot().number(Field.NUM_API_REQUESTS)).isEqualTo(1);
            assertThat(state.counted().api().histogram()).isNull();
            assertThat(state.counted().extras().byName()).isEmpty();
            assertThat(state.quality().of(Field.TIME_API_MAX)).isEqualTo(Quality.UNAVAILABLE);
        }
    }

    @Test
    void extras_areBounded() {
        String lines = IntStream.range(0, 64)
                .mapToObj(i -> "extra.x" + i + " = gauge a\n")
                .collect(Collectors.joining());
        assertThat(Mapping.parse(lines).extras()).hasSize(64);

        assertThatThrownBy(() -> Mapping.parse(lines + "extra.y = counter a\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mapping: 65 extra values (expected: at most 64)");
    }

    @Test
    void expression_supportsSumScaleAndLabels() {
        Mapping mapping = Mapping.parse("""
                num_clients = a{kind="ws",zone!="x"} * 2 + b
                num_channels = missing | c{kind=~"r.*",kind!~"ra.*"}
                num_msg_sent = sent_total
                cpu_usage = cpu * 100
                """);
        NodeState state = after(mapping, "sent_total 5\n", """
                a{kind="ws",zone="y"} 3
                a{kind="ws",zone="x"} 100
                a{kind="sse"} 100
                b 4
                c{kind="room"} 5
                c{kind="rare"} 50
                cpu 0.25
                sent_total{x="1"} 7
                sent_total 8
                """);

        assertThat(state.snapshot().number(Field.NUM_CLIENTS)).isEqualTo(10);
        assertThat(state.snapshot().number(Field.NUM_CHANNELS)).isEqualTo(5);
        assertThat(state.snapshot().number(Field.NUM_MSG_SENT))
                .as("7 + (8 - 5)")
                .isEqualTo(10);
        assertThat(state.snapshot().number(Field.CPU_USAGE)).isEqualTo(25);
        assertThat(state.quality().of(Field.NUM_UNIQUE_CLIENTS)).isEqualTo(Quality.UNAVAILABLE);
    }

    @Test
    void times_ofSummaryInMilliseconds() {
        Mapping mapping = Mapping.parse("time_client = t_ms{kind=\"rpc\"} * 0.001");
        NodeState state = after(
                mapping,
                "t_ms_count{kind=\"rpc\"} 1\nt_ms_sum{kind=\"rpc\"} 100\n",
                "t_ms_count{kind=\"rpc\"} 5\nt_ms_sum{kind=\"rpc\"} 140\nt_ms{kind=\"rpc\",quantile=\"0.5\"} 7\n"
                        + "t_ms{kind=\"rpc\",quantile=\"0.99\"} 30\nt_ms_count{kind=\"x\"} 9\n");

        assertThat(state.snapshot().number(Field.NUM_CLIENT_REQUESTS)).isEqualTo(4);
        assertThat(state.snapshot().number(Field.TIME_CLIENT_MEAN)).isEqualTo(10_000_000);
        assertThat(state.snapshot().number(Field.TIME_CLIENT_MAX)).isEqualTo(30_000_000);
        assertThat(state.counted().client().histogram()).isNull();
        assertThat(state.totals().timeClientSum()).isEqualTo(140_000_000);
    }

    @Test
    void extras_ofEachKind() {
        Mapping mapping = Mapping.parse("""
                extra.subs = gauge subs
                extra.slowest = gauge max slow
                extra.jobs{kind\\="a"} = counter jobs_total{kind="a"}
                extra.lag = timer lag_ms * 0.001
                """);
        NodeState state = after(mapping, "jobs_total{kind=\"a\"} 5\n", """
                subs 7
                slow 9
                jobs_total{kind="a"} 8
                jobs_total{kind="b"} 100
                lag_ms_bucket{le="10"} 1
                lag_ms_bucket{le="+Inf"} 1
                lag_ms_sum 4
                """);

        assertThat(state.extras().byName()).isEqualTo(Map.of("subs", Extra.gauge(7), "slowest", Extra.gauge("max", 9)));
        assertThat(state.counted().extras().byName())
                .containsEntry("jobs{kind=\"a\"}", Extra.counter(3, 8))
                .containsOnlyKeys("jobs{kind=\"a\"}", "lag");
        assertThat(state.counted()
                        .extras()
                        .byName()
                        .get("lag")
                        .durations()
                        .decode()
                        .max())
                .isEqualTo(4_000_000);
    }

    @Test
    void restart_isNewNode() {
        NodeSource source = source(Mapping.parse("num_msg_sent = sent_total"));
        response = "process_start_time_seconds 100\nsent_total 5\n";
        source.refresh();
        String uid = source.read(RecordedInterval.EMPTY).snapshot().uid();
        response = "process_start_time_seconds 200\nsent_total 1\n";
        source.refresh();

        assertThat(source.read(RecordedInterval.EMPTY).snapshot().uid()).isNotEqualTo(uid);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    m{s="a"} 10;m{s="b"} 5           | m{s="a"} 11           | false | a series is no longer reported
                    m{s="a"} 10                      | m{s="a"} 3            | true  | the only series decreased
                    m{s="a"} 10;m{s="b"} 5           | m{s="a"} 3            | true  | what is left decreased
                    m{s="a"} 10;m{s="b"} 5           | m{s="a"} 3;m{s="b"} 9 | true  | their sum decreased
                    m{s="a"} 10;m{s="b"} 5           | m{s="a"} 3;m{s="b"} 90| false | a series was created again
                    m{s="a"} 10                      | m{s="b"} 3            | true  | all series are new, with a lower sum
                    m{s="a"} 10                      | m{s="b"} 30           | false | all series are new, with a higher sum
                    t_count{s="a"} 9;t_count{s="b"} 5| t_count{s="a"} 9      | false | likewise of requests
                    t_count{s="a"} 9;t_count{s="b"} 5| t_count{s="a"} 8      | true  | likewise of requests
            """)
    void restart_withoutStart_isDecreaseOfSeriesThatAreStillReported(
            String before, String now, boolean another, String why) {
        NodeSource source = source(MAPPING_OF_SERIES);
        String uid = uidAfter(source, before);

        assertThat(!uidAfter(source, now).equals(uid)).as(why).isEqualTo(another);
    }

    private String uidAfter(NodeSource source, String page) {
        response = page.strip().replace(';', '\n') + "\n";
        source.refresh();
        return source.read(RecordedInterval.EMPTY).snapshot().uid();
    }

    @Test
    void restart_withoutStart_isThatOfObservedProcess_ifAllSeriesAreNew() {
        AtomicLong started = new AtomicLong(1_000);
        ProcessProbe probe = () -> Optional.of(new ProcessNumbers(7, 1, 1, 1, started.get()));
        OtherProcess process = new OtherProcess(probe, ticker, ticker);
        NodeSource source = source(MAPPING_OF_SERIES, process);
        process.refresh();
        uidAfter(source, "m{s=\"a\"} 10");
        String uid = uidAfter(source, "m{s=\"a\"} 10");

        assertThat(uidAfter(source, "m{s=\"b\"} 3")).isEqualTo(uid);
        started.set(1_001);
        process.refresh();
        assertThat(uidAfter(source, "m{s=\"c\"} 2")).as("rounded").isEqualTo(uid);
        started.set(1_003);
        process.refresh();
        assertThat(uidAfter(source, "m{s=\"d\"} 1")).isNotEqualTo(uid);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    nothing = a            | mapping: nothing = unknown field (expected: one of num_goroutine, num_clients
                    num_clients = a b      | mapping: num_clients = 'a b' (expected: a metric like name{label="value"} * 1.5)
                    num_clients = a{b=1}   | mapping: num_clients = 'b=1' (expected: a condition like label="value"
                    num_clients = a * 1-2  | mapping: num_clients = '1-2' (expected: a number after *)
                    time_api_max = a       | mapping: time_api_max = 'a' (expected: time_api or time_client for durations)
                    time_api = a + b       | mapping: time_api = 'a + b' (expected: one histogram or summary)
                    version = a            | mapping: version = 'a' (expected: metric{label})
                    quality.num_cpu = good | mapping: quality.num_cpu = 'good' (expected: exact, close or bound)
                    extra.x = a            | mapping: extra.x = 'a' (expected: gauge [sum|max|last], counter or timer
                    extra.X = gauge a      | mapping: extra.X = extras: name 'X' (expected: lower-case letters
                    program = x            | mapping: no field (expected: lines like 'num_clients = app_connections')
                    """)
    void mapping_invalid_isRejected(String line, String problem) {
        assertThatThrownBy(() -> Mapping.parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(problem);
    }
}
