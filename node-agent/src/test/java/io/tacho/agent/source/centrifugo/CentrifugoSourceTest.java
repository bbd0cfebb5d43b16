// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import static io.tacho.agent.source.centrifugo.ScrapedNode.after;
import static io.tacho.agent.source.centrifugo.ScrapedNode.metrics;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.source.NodeState;
import io.tacho.model.Field;
import io.tacho.model.Quality;
import io.tacho.sketch.DurationHistogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CentrifugoSourceTest {

    private final ScrapedNode node = new ScrapedNode();

    @Test
    void read_beforeFirstResponse_returnsNull() {
        node.scrape(null);

        assertThat(node.read()).isNull();
        assertThat(node.source().endWindow()).isFalse();
    }

    @Test
    void read_afterFirstResponse_isWarmingUp() {
        node.scrape(metrics(100, "centrifugo_transport_messages_sent{transport=\"websocket\"} 500"));

        assertThat(node.read().snapshot().number(Field.NUM_CLIENTS)).isEqualTo(7);
        assertThat(node.read().snapshot().number(Field.NUM_MSG_SENT)).isZero();
        assertThat(node.read().quality().byWireName())
                .containsEntry("num_msg_sent", Quality.UNAVAILABLE)
                .containsEntry("cpu_usage", Quality.UNAVAILABLE)
                .doesNotContainKey("num_clients");
        assertThat(node.source().endWindow()).as("no second response").isFalse();
    }

    @Test
    void endWindow_labelSets_areSummed_newOnesStartAtZero() {
        NodeState state = after(
                metrics(100, "centrifugo_transport_messages_sent{transport=\"websocket\"} 5"),
                metrics(
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
    void endWindow_decreasedCounter_startedAtZero() {
        NodeState state = after(
                metrics(100, "centrifugo_transport_messages_sent{transport=\"a\"} 500"),
                metrics(100, "centrifugo_transport_messages_sent{transport=\"a\"} 20"));

        assertThat(state.snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(20);
    }

    @Test
    void endWindow_maximumInLastBucket_isBoundedBySum() {
        String bucket = "centrifugo_api_command_duration_seconds_histogram_bucket{method=\"rpc\",le=\"%s\"} %d";
        NodeState state = after(
                metrics(100),
                metrics(
                        100,
                        bucket.formatted("10", 4),
                        bucket.formatted("+Inf", 5),
                        "centrifugo_api_command_duration_seconds_histogram_sum{method=\"rpc\"} 31.5"));

        assertThat(state.snapshot().number(Field.TIME_API_MAX)).isEqualTo(31_500_000_000L);
        assertThat(state.quality().byWireName()).containsEntry("time_api_max", Quality.BOUND);
    }

    @Test
    void endWindow_ping_isNotCounted() {
        String count = "centrifugo_client_command_duration_seconds_count{method=\"%s\"} %d";
        NodeState state = after(metrics(100), metrics(100, count.formatted("ping", 900), count.formatted("rpc", 4)));

        assertThat(state.snapshot().number(Field.NUM_CLIENT_REQUESTS)).isEqualTo(4);
        assertThat(state.totals().numClientRequests()).isEqualTo(4);
    }

    @Test
    void bytes_ofIdleNewNode_areZero() {
        assertThat(after(metrics(100), metrics(100)).quality().byWireName())
                .containsEntry("bytes_client_in", Quality.CLOSE);
    }

    @Test
    void bytes_ofBuildWithoutByteCounters_areUnavailable() {
        String build = metrics(100, "centrifugo_transport_messages_sent{transport=\"a\"} 5")
                .replace("6.9.1 OSS", "0.0.0");

        assertThat(after(build, build).quality().byWireName()).containsEntry("bytes_client_in", Quality.UNAVAILABLE);
    }

    @Test
    void clients_withoutNodeGauge_areSumOfTransports() {
        String inflight = "centrifugo_client_connections_inflight{transport=\"%s\"} %d";
        node.scrape(inflight.formatted("websocket", 3) + "\n" + inflight.formatted("sse", 4) + "\n");

        assertThat(node.read().snapshot().number(Field.NUM_CLIENTS)).isEqualTo(7);
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
    void percentiles_ofSummaries_areUnknown() {
        NodeState state = after(metrics(100, summary(4, "1")), metrics(100, summary(14, "1.02")));

        assertThat(state.counted().client().histogram()).isNull();
        assertThat(state.snapshot().number(Field.TIME_CLIENT_MAX)).isEqualTo(250_000_000);
        assertThat(state.quality().byWireName()).doesNotContainKey("time_client");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void percentiles_ofHistogram_withAndWithoutSummary(boolean hasSummary) {
        NodeState state = after(
                metrics(100, histogram(4, 4, "0.01"), hasSummary ? summary(4, "0.01") : ""),
                metrics(100, histogram(103, 104, "0.115"), hasSummary ? summary(104, "0.115") : ""));

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
    void percentiles_ofWindowWithoutRequests() {
        NodeState state = after(metrics(100, histogram(4, 4, "0.01")), metrics(100, histogram(4, 4, "0.01")));

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
    void apiRequests_ofInstrumentedHandlers_areHttpAndGrpcRequests() {
        NodeState state = after(
                metrics(100, http("/api", 200, 5), http("/metrics", 200, 9), apiCommands("http", 10, 1)),
                metrics(
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
    void apiRequests_underOtherPrefix_areCommands() {
        NodeState state = after(
                metrics(100, http("/metrics", 200, 9), apiCommands("http", 10, 1)),
                metrics(100, http("/internal/publish", 200, 7), apiCommands("http", 30, 1.5)));

        assertThat(state.snapshot().number(Field.NUM_API_REQUESTS)).isEqualTo(20);
        assertThat(state.quality().of(Field.NUM_API_REQUESTS)).isEqualTo(Quality.CLOSE);
    }

    @ParameterizedTest
    @CsvSource({"6.9.1 OSS, 6", "5.4.9, 6", "3.2.3, 8", "6.9.1 PRO, 8"})
    void clientRequests_rejectedSend_isCountedOnce(String version, long expected) {
        String count = "centrifugo_client_command_duration_seconds_count{method=\"%s\"} %d";
        String sum = "centrifugo_client_command_duration_seconds_sum{method=\"%s\"} %s";
        NodeState state = after(
                metrics(100).replace("6.9.1 OSS", version),
                metrics(
                                100,
                                count.formatted("send", 4),
                                sum.formatted("send", 0.4),
                                count.formatted("rpc", 4),
                                sum.formatted("rpc", 1))
                        .replace("6.9.1 OSS", version));

        assertThat(state.snapshot().number(Field.NUM_CLIENT_REQUESTS)).isEqualTo(expected);
        assertThat(state.totals().numClientRequests()).isEqualTo(expected);
    }
}
