// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import static io.tacho.agent.source.centrifugo.CentrifugoPairsTest.after;
import static io.tacho.agent.source.centrifugo.CentrifugoPairsTest.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.NodeState;
import io.tacho.model.Extra;
import io.tacho.model.Field;
import io.tacho.model.Quality;
import io.tacho.sketch.DurationHistogram;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CentrifugoSourceTest {

    private final ManualTicker ticker = new ManualTicker();
    private String response;
    private final NodeSource source = source(
            () -> response == null
                    ? CompletableFuture.failedFuture(new IllegalStateException("away"))
                    : CompletableFuture.completedFuture(response),
            ticker);

    private void scrape(String text) {
        response = text;
        source.refresh();
    }

    private NodeState read() {
        return source.read(RecordedInterval.EMPTY);
    }

    private static String node(long startedAt, String... lines) {
        return """
                centrifugo_node_num_clients 7
                centrifugo_node_build{version="6.9.1 OSS"} 1
                process_start_time_seconds %d
                process_cpu_seconds_total 10
                """.formatted(startedAt) + String.join("\n", lines) + "\n";
    }

    @Test
    void read_beforeTheFirstResponse() {
        scrape(null);

        assertThat(read()).isNull();
        assertThat(source.endWindow()).isFalse();
    }

    @Test
    void read_afterTheFirstResponse_isWarmingUp() {
        scrape(node(100, "centrifugo_transport_messages_sent{transport=\"websocket\"} 500"));

        assertThat(read().snapshot().number(Field.NUM_CLIENTS)).isEqualTo(7);
        assertThat(read().snapshot().number(Field.NUM_MSG_SENT)).isZero();
        assertThat(read().quality().byWireName())
                .containsEntry("num_msg_sent", Quality.UNAVAILABLE)
                .containsEntry("cpu_usage", Quality.UNAVAILABLE)
                .doesNotContainKey("num_clients");
        assertThat(source.endWindow()).as("no second response").isFalse();
    }

    @Test
    void endWindow_labelSetsAreSummedAndNewOnesCountFromZero() {
        NodeState state = after(
                node(100, "centrifugo_transport_messages_sent{transport=\"websocket\"} 5"),
                node(
                        100,
                        "centrifugo_transport_messages_sent{transport=\"websocket\",frame_type=\"a\"} 7",
                        "centrifugo_transport_messages_sent{transport=\"sse\",app_x=\"ü\"} 3",
                        "centrifugo_transport_messages_sent{transport=\"websocket\"} 6",
                        "centrifugo_transport_messages_sent{transport=\"websocket\"} 1000"));

        assertThat(state.snapshot().number(Field.NUM_MSG_SENT))
                .as("7 + 3 + (6 - 5), no duplicate")
                .isEqualTo(11);
    }

    @Test
    void endWindow_counterThatFellBeganAnew() {
        NodeState state = after(
                node(100, "centrifugo_transport_messages_sent{transport=\"a\"} 500"),
                node(100, "centrifugo_transport_messages_sent{transport=\"a\"} 20"));

        assertThat(state.snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(20);
    }

    @Test
    void endWindow_valuesThatAreNoNumbersCountNothing() {
        NodeState state = after(
                node(100, "centrifugo_transport_messages_sent{transport=\"a\"} NaN"),
                node(
                        100,
                        "centrifugo_transport_messages_sent{transport=\"a\"} +Inf",
                        "centrifugo_transport_messages_sent{transport=\"b\"} NaN",
                        "centrifugo_transport_messages_sent{transport=\"c\"} -1",
                        "centrifugo_transport_messages_sent{transport=\"d\"} 2e0",
                        "garbage {",
                        "# TYPE garbage {"));

        assertThat(state.snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(2);
    }

    @Test
    void endWindow_lastBucketIsBoundByTheSum() {
        String bucket = "centrifugo_api_command_duration_seconds_histogram_bucket{method=\"rpc\",le=\"%s\"} %d";
        NodeState state = after(
                node(100),
                node(
                        100,
                        bucket.formatted("10", 4),
                        bucket.formatted("+Inf", 5),
                        "centrifugo_api_command_duration_seconds_histogram_sum{method=\"rpc\"} 31.5"));

        assertThat(state.snapshot().number(Field.TIME_API_MAX)).isEqualTo(31_500_000_000L);
        assertThat(state.quality().byWireName()).containsEntry("time_api_max", Quality.BOUND);
    }

    @Test
    void endWindow_pingIsNoCommand() {
        String count = "centrifugo_client_command_duration_seconds_count{method=\"%s\"} %d";
        NodeState state = after(node(100), node(100, count.formatted("ping", 900), count.formatted("rpc", 4)));

        assertThat(state.snapshot().number(Field.NUM_CLIENT_REQUESTS)).isEqualTo(4);
        assertThat(state.totals().numClientRequests()).isEqualTo(4);
    }

    @Test
    void bytes_ofAnIdleNewNodeAreZeroAndNotUnavailable() {
        assertThat(after(node(100), node(100)).quality().byWireName()).containsEntry("bytes_client_in", Quality.CLOSE);
    }

    @Test
    void bytes_ofABuildOfOnesOwnThatCountsMessagesAndNoBytes() {
        String build = node(100, "centrifugo_transport_messages_sent{transport=\"a\"} 5")
                .replace("6.9.1 OSS", "0.0.0");

        assertThat(after(build, build).quality().byWireName()).containsEntry("bytes_client_in", Quality.UNAVAILABLE);
    }

    @Test
    void clients_whereThereIsNoGaugeOfTheNode() {
        String inflight = "centrifugo_client_connections_inflight{transport=\"%s\"} %d";
        scrape(inflight.formatted("websocket", 3) + "\n" + inflight.formatted("sse", 4) + "\n");

        assertThat(read().snapshot().number(Field.NUM_CLIENTS)).isEqualTo(7);
    }

    @Test
    void uid_isTheSameForAnyAgentAsLongAsTheNodeRuns() {
        scrape(node(100));
        String uid = read().snapshot().uid();
        NodeSource another = source(() -> CompletableFuture.completedFuture(node(100)), ticker);
        another.refresh();

        assertThat(another.read(RecordedInterval.EMPTY).snapshot().uid()).isEqualTo(uid);
        scrape(node(130));
        assertThat(read().snapshot().uid()).isNotEqualTo(uid);
    }

    @Test
    void restart_takesNothingFromTheLastLife() {
        scrape(node(100, "centrifugo_transport_messages_sent 500"));
        ticker.advance(Duration.ofSeconds(30));
        scrape(node(130, "centrifugo_transport_messages_sent 40"));
        ticker.advance(Duration.ofSeconds(30));
        scrape(node(130, "centrifugo_transport_messages_sent 45"));

        assertThat(source.endWindow()).isTrue();
        assertThat(read().snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(5);
    }

    @Test
    void silence_numbersAreOldThenTheNodeIsLetGoThenItIsBack() {
        scrape(node(100, "centrifugo_transport_messages_sent 500"));
        ticker.advance(Duration.ofSeconds(10));
        scrape(null);

        assertThat(read().snapshot().number(Field.NUM_CLIENTS)).isEqualTo(7);
        assertThat(read().quality().byWireName())
                .containsEntry("num_clients", Quality.STALE)
                .containsEntry("num_msg_sent", Quality.UNAVAILABLE)
                .doesNotContainKeys("started_at");
        assertThat(source.endWindow()).as("the window stays open").isFalse();

        ticker.advance(Duration.ofSeconds(6));
        assertThat(read()).isNull();
        assertThat(source.isLost()).isTrue();

        scrape(node(100, "centrifugo_transport_messages_sent 900"));
        assertThat(source.isLost()).isFalse();
        assertThat(read().quality().byWireName())
                .doesNotContainKey("num_clients")
                .containsEntry("num_msg_sent", Quality.UNAVAILABLE);
    }

    @Test
    void silence_whatHappenedMeanwhileIsInTheNextWindow() {
        scrape(node(100, "centrifugo_transport_messages_sent 500"));
        ticker.advance(Duration.ofSeconds(10));
        scrape(null);
        assertThat(source.endWindow()).isFalse();
        scrape(node(100, "centrifugo_transport_messages_sent 512"));

        assertThat(source.endWindow()).isTrue();
        assertThat(read().snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(12);
        assertThat(read().quality().byWireName()).containsEntry("num_msg_sent", Quality.CLOSE);
    }

    @Test
    void response_thatIsNotOfACentrifugo() {
        scrape("<html>\n<body>hello</body>\n");
        assertThat(read()).isNull();

        scrape("go_goroutines 12\nprocess_start_time_seconds 1\n");
        assertThat(read()).isNull();
    }

    @Test
    void startUnknown_countersThatFellAreANewLife() {
        String unknown = "centrifugo_node_num_clients 1\ncentrifugo_transport_messages_sent %d\n";
        scrape(unknown.formatted(50));
        String uid = read().snapshot().uid();
        scrape(unknown.formatted(60));
        assertThat(read().snapshot().uid()).isEqualTo(uid);

        scrape(unknown.formatted(3));

        assertThat(read().snapshot().uid()).isNotEqualTo(uid);
        assertThat(read().quality().byWireName()).containsEntry("started_at", Quality.UNAVAILABLE);
    }

    @Test
    void start_thatDriftsIsNoRestart() {
        String drifting = node(100, "centrifugo_transport_messages_sent %d")
                .replace("process_start_time_seconds 100", "process_start_time_seconds %s");
        scrape(drifting.formatted("1795825365.37", 500));
        String uid = read().snapshot().uid();
        for (int i = 1; i <= 20; i++) {
            scrape(drifting.formatted(i % 2 == 0 ? "1795825365.37" : "1795825366.12", 500 + i));
            assertThat(read().snapshot().uid()).isEqualTo(uid);
        }

        assertThat(source.endWindow()).isTrue();
        assertThat(read().snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(20);
    }

    @Test
    void start_thatMovesALittleWithCountersThatDecreasedIsARestart() {
        scrape(node(100, "centrifugo_transport_messages_sent 500"));
        String uid = read().snapshot().uid();
        scrape(node(103, "centrifugo_transport_messages_sent 501"));
        assertThat(read().snapshot().uid()).isEqualTo(uid);

        scrape(node(106, "centrifugo_transport_messages_sent 1"));

        assertThat(read().snapshot().uid()).isNotEqualTo(uid);
    }

    @Test
    void start_thatIsMissingInOneScrapeIsNoRestart() {
        scrape(node(100));
        String uid = read().snapshot().uid();
        scrape(node(100).replace("seconds 100", "seconds ?"));
        assertThat(read().snapshot().uid()).isEqualTo(uid);
        scrape(node(100));

        assertThat(read().snapshot().uid()).isEqualTo(uid);
    }

    @Test
    void restart_whileTheNodeWasLostIsAnotherNode() {
        scrape(node(100));
        String uid = read().snapshot().uid();
        scrape(null);
        ticker.advance(Duration.ofMinutes(1));
        assertThat(read()).isNull();
        scrape(node(150));

        assertThat(read().snapshot().uid()).isNotEqualTo(uid);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "centrifugo_transport_messages_sent{transport=\"a\" 600",
                "centrifugo_transport_messages_sent{transport=\"a\"} 6oo",
                "centrifugo_transport_messages_sent{transport=\"a\"} +Inf",
                "centrifugo_transport_messages_sent{transport=\"a\"} NaN",
                "centrifugo_transport_messages_sent{transport=\"a\"} -1",
                "centrifugo_transport_messages_sent{transport=\"a\"} 1e300",
                "centrifugo_transport_messages_sent{transport=\"a\"} 9007199254740992",
            })
    void counter_thatCannotBeReadIsUnavailableAndExactAgainLater(String unreadable) {
        String sent = "centrifugo_transport_messages_sent{transport=\"a\"} ";
        scrape(node(100, sent + 500));
        scrape(node(100, unreadable));
        assertThat(source.endWindow()).isTrue();
        assertThat(read().snapshot().number(Field.NUM_MSG_SENT)).isZero();
        assertThat(read().quality().of(Field.NUM_MSG_SENT)).isEqualTo(Quality.UNAVAILABLE);
        assertThat(read().quality().of(Field.NUM_MSG_QUEUED)).isEqualTo(Quality.UNAVAILABLE);

        scrape(node(100, sent + 700));
        assertThat(source.endWindow()).isTrue();
        assertThat(read().snapshot().number(Field.NUM_MSG_SENT)).isZero();
        assertThat(read().quality().of(Field.NUM_MSG_SENT)).isEqualTo(Quality.UNAVAILABLE);

        scrape(node(100, sent + 705));
        assertThat(source.endWindow()).isTrue();
        assertThat(read().snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(5);
        assertThat(read().quality().of(Field.NUM_MSG_SENT)).isEqualTo(Quality.CLOSE);
    }

    @Test
    void times_thatCannotBeReadAreUnavailable() {
        String count = "centrifugo_api_command_duration_seconds_count %s";
        String sum = "centrifugo_api_command_duration_seconds_sum %s";
        NodeState state = after(
                node(100, count.formatted(1), sum.formatted(1)), node(100, count.formatted("x"), sum.formatted(2)));

        assertThat(state.quality().byWireName())
                .containsEntry("num_api_requests", Quality.UNAVAILABLE)
                .containsEntry("time_api_mean", Quality.UNAVAILABLE)
                .containsEntry("time_api_max", Quality.UNAVAILABLE)
                .containsEntry("num_client_requests", Quality.CLOSE);
        assertThat(state.totals()).as("a total of 0 looks like a restart").isNull();
    }

    @Test
    void start_beyondAnyBoundDoesNotEndTheBeats() {
        scrape(node(100).replace("seconds 100", "seconds{a=\"1\"} 1e308\nprocess_start_time_seconds{a=\"2\"} 1e308"));

        assertThat(read().quality().of(Field.STARTED_AT)).isEqualTo(Quality.UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s %d # {trace_id=\"a} b\"} 1.0 1795825365.123",
                "%s %d 1795825365.123 # {} 0.5",
                "%s %d 1.795825365e+09",
                "%s %d 1795825365123",
                "%s_total %d 1795825365.123",
                "{\"%s\"} %d",
                "{\"%s\",\"client.region\"=\"eu\",transport=\"websocket\"} %d",
                "%s{\"client.region\"=\"eu\"} %d",
            })
    void text_asOthersWriteIt(String line) {
        String name = "centrifugo_transport_messages_sent";
        NodeState state = after(
                node(100, line.formatted(name, 500), "# EOF"),
                node(100, line.formatted(name, 512), "{\"http.server.duration\",\"http.route\"=\"/x\"} 5", "# EOF"));

        assertThat(state.snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(12);
        assertThat(state.quality().of(Field.NUM_MSG_SENT)).isEqualTo(Quality.CLOSE);
    }

    @Test
    void text_beginsWithAByteOrderMark() {
        NodeState state = after(
                "\uFEFFcentrifugo_transport_messages_sent 5\n" + node(100),
                "\uFEFFcentrifugo_transport_messages_sent 9\n" + node(100));

        assertThat(state.snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(4);
    }

    private static String summary(long count, String sum) {
        return "centrifugo_client_command_duration_seconds_count{method=\"rpc\"} " + count
                + "\ncentrifugo_client_command_duration_seconds_sum{method=\"rpc\"} " + sum
                + "\ncentrifugo_client_command_duration_seconds{method=\"rpc\",quantile=\"0.999\"} 0.25";
    }

    private static String histogram(long upTo5Millis, long all, String sum) {
        String name = "centrifugo_client_command_duration_seconds_histogram";
        return name + "_bucket{method=\"rpc\",le=\"0.005\"} " + upTo5Millis + "\n"
                + name + "_bucket{method=\"rpc\",le=\"0.01\"} " + all + "\n"
                + name + "_bucket{method=\"rpc\",le=\"+Inf\"} " + all + "\n"
                + name + "_sum{method=\"rpc\"} " + sum + "\n"
                + name + "_count{method=\"rpc\"} " + all;
    }

    @Test
    void percentiles_ofSummariesOnlyAreUnknown() {
        NodeState state = after(node(100, summary(4, "1")), node(100, summary(14, "1.02")));

        assertThat(state.counted().client().histogram()).isNull();
        assertThat(state.snapshot().number(Field.TIME_CLIENT_MAX)).isEqualTo(250_000_000);
        assertThat(state.quality().byWireName()).doesNotContainKey("time_client");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void percentiles_ofAHistogramWithASummaryAndWithout(boolean hasSummary) {
        NodeState state = after(
                node(100, histogram(4, 4, "0.01"), hasSummary ? summary(4, "0.01") : ""),
                node(100, histogram(103, 104, "0.115"), hasSummary ? summary(104, "0.115") : ""));

        DurationHistogram times = state.counted().client().histogram().decode();
        assertThat(times.count()).isEqualTo(100);
        assertThat(times.quantile(0.5)).isBetween(500_000L, 1_000_000L);
        assertThat(times.max()).isEqualTo(10_000_000);
        assertThat(state.snapshot().number(Field.NUM_CLIENT_REQUESTS)).isEqualTo(100);
        assertThat(state.snapshot().number(Field.TIME_CLIENT_MEAN)).isEqualTo(1_050_000);
        assertThat(state.snapshot().number(Field.TIME_CLIENT_MAX)).isEqualTo(10_000_000);
        assertThat(state.quality().byWireName())
                .containsEntry("time_client", Quality.CLOSE)
                .containsEntry("time_client_max", Quality.BOUND);
    }

    @Test
    void percentiles_ofAWindowWithoutRequests() {
        NodeState state = after(node(100, histogram(4, 4, "0.01")), node(100, histogram(4, 4, "0.01")));

        assertThat(state.counted().client().histogram()).isNull();
        assertThat(state.snapshot().number(Field.TIME_CLIENT_MAX)).isZero();
        assertThat(state.quality().of(Field.TIME_CLIENT_MAX)).isEqualTo(Quality.BOUND);
    }

    private static String http(String path, int status, long count) {
        return "centrifugo_node_incoming_http_requests_total{path=\"%s\",method=\"POST\",status=\"%d\"} %d"
                .formatted(path, status, count);
    }

    private static String apiCommands(String protocol, long count, double seconds) {
        String name = "centrifugo_api_command_duration_seconds";
        return name + "_count{protocol=\"" + protocol + "\",method=\"publish\"} " + count + "\n" + name
                + "_sum{protocol=\"" + protocol + "\",method=\"publish\"} " + seconds;
    }

    @Test
    void apiRequests_ofInstrumentedHandlersAreHttpRequestsAndGrpcCommands() {
        NodeState state = after(
                node(100, http("/api", 200, 5), http("/metrics", 200, 9), apiCommands("http", 10, 1)),
                node(
                        100,
                        http("/api", 200, 7),
                        http("/api/batch", 200, 1),
                        http("/api/publish", 401, 3),
                        http("/connection/websocket", 101, 50),
                        apiCommands("http", 30, 1.5),
                        apiCommands("grpc", 4, 0.5)));

        assertThat(state.snapshot().number(Field.NUM_API_REQUESTS))
                .as("2 + 1 + 3 by HTTP, 4 by gRPC")
                .isEqualTo(10);
        assertThat(state.quality().of(Field.NUM_API_REQUESTS)).isEqualTo(Quality.EXACT);
        assertThat(state.snapshot().number(Field.TIME_API_MEAN))
                .as("1 s for 10 requests")
                .isEqualTo(100_000_000);
        assertThat(state.totals().numApiRequests()).isEqualTo(7 + 1 + 3 + 4);
    }

    @Test
    void apiRequests_ofAnotherPrefixAreCommands() {
        NodeState state = after(
                node(100, http("/metrics", 200, 9), apiCommands("http", 10, 1)),
                node(100, http("/internal/publish", 200, 7), apiCommands("http", 30, 1.5)));

        assertThat(state.snapshot().number(Field.NUM_API_REQUESTS)).isEqualTo(20);
        assertThat(state.quality().of(Field.NUM_API_REQUESTS)).isEqualTo(Quality.CLOSE);
    }

    @ParameterizedTest
    @CsvSource({"6.9.1 OSS, 6", "5.4.9, 6", "3.2.3, 8", "6.9.1 PRO, 8"})
    void clientRequests_rejectedSendIsCountedOnce(String version, long expected) {
        String count = "centrifugo_client_command_duration_seconds_count{method=\"%s\"} %d";
        String sum = "centrifugo_client_command_duration_seconds_sum{method=\"%s\"} %s";
        NodeState state = after(
                node(100).replace("6.9.1 OSS", version),
                node(
                                100,
                                count.formatted("send", 4),
                                sum.formatted("send", 0.4),
                                count.formatted("rpc", 4),
                                sum.formatted("rpc", 1))
                        .replace("6.9.1 OSS", version));

        assertThat(state.snapshot().number(Field.NUM_CLIENT_REQUESTS)).isEqualTo(expected);
        assertThat(state.totals().numClientRequests()).isEqualTo(expected);
    }

    @Test
    void extras_ofNowAndOfTheWindow() {
        String inflight =
                "centrifugo_client_connections_inflight{transport=\"%s\",client_name=\"js\",client_version=\"5.2\"} %d";
        String disconnects = "centrifugo_client_num_server_disconnects{code=\"3008\"} %d";
        String lag = "centrifugo_node_pub_sub_lag_seconds_bucket{le=\"%s\"} %d";
        NodeState state = after(
                node(100, disconnects.formatted(12), "centrifugo_client_recover{recovered=\"yes\"} 1"),
                node(
                        100,
                        "centrifugo_node_num_subscriptions 75",
                        inflight.formatted("websocket", 3),
                        inflight.formatted("sse", 4),
                        "centrifugo_client_connections_accepted{transport=\"sse\"} 9",
                        disconnects.formatted(14),
                        "centrifugo_client_recover{recovered=\"yes\"} 3",
                        "centrifugo_client_recover{recovered=\"no\"} 1",
                        lag.formatted("0.001", 1),
                        lag.formatted("+Inf", 1),
                        "centrifugo_node_pub_sub_lag_seconds_sum 0.0005"));

        assertThat(state.extras().byName())
                .isEqualTo(Map.of("num_subs", Extra.gauge(75), "clients{name=\"js\",version=\"5.2\"}", Extra.gauge(7)));
        assertThat(state.counted().extras().byName())
                .containsEntry("connects", Extra.counter(9, 9))
                .containsEntry("disconnects{code=\"3008\"}", Extra.counter(2, 14))
                .containsEntry("recoveries{recovered=\"yes\"}", Extra.counter(2, 3))
                .containsEntry("recoveries{recovered=\"no\"}", Extra.counter(1, 1))
                .hasSize(5);
        assertThat(state.counted()
                        .extras()
                        .byName()
                        .get("pub_sub_lag")
                        .durations()
                        .decode()
                        .max())
                .isEqualTo(500_000);
    }

    @Test
    void extras_labelsOfClientsAreBounded() {
        String inflight = "centrifugo_client_connections_inflight{client_name=\"%s\"} 1\n";
        String clients = IntStream.range(0, 99)
                        .mapToObj(i -> inflight.formatted("client-" + i))
                        .collect(Collectors.joining())
                + inflight.formatted("a very long name with \\\"quotes\\\" and \\n")
                        .replace("} 1", "} 5");
        scrape(node(100, clients));

        assertThat(read().extras().byName()).hasSize(12).containsKey("clients{name=\"a very long name with _q\"}");
    }

    @Test
    void extras_clientsWhoseNamesAreNotReportedHaveNoNames() {
        scrape(node(100, "centrifugo_client_connections_inflight{client_name=\"unregistered\"} 7"));

        assertThat(read().extras().byName()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "centrifugo_client_connections_accepted{transport=\"%s\"} %d",
                "centrifugo_transport_connect_count{transport=\"%s\"} %d",
                "centrifugo_client_command_duration_seconds_count{method=\"connect\",channel_namespace=\"%s\"} %d"
            })
    void extras_connectsOfEachVersion(String metric) {
        NodeState state = after(
                node(100, metric.formatted("a", 2)),
                node(
                        100,
                        metric.formatted("a", 5),
                        metric.formatted("b", 4),
                        "centrifugo_client_command_duration_seconds_count{method=\"rpc\"} 100"));

        assertThat(state.counted().extras().byName()).containsEntry("connects", Extra.counter(7, 9));
    }
}
