// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import static io.tacho.agent.source.centrifugo.CentrifugoPairsTest.after;
import static io.tacho.agent.source.centrifugo.CentrifugoPairsTest.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeState;
import io.tacho.model.Quality;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CentrifugoSourceTest {

    private final ManualTicker ticker = new ManualTicker();
    private String answer;
    private final CentrifugoSource source = source(
            () -> answer == null
                    ? CompletableFuture.failedFuture(new IllegalStateException("away"))
                    : CompletableFuture.completedFuture(answer),
            ticker);

    private void scrape(String text) {
        answer = text;
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
    void read_beforeTheFirstAnswer() {
        scrape(null);

        assertThat(read()).isNull();
        assertThat(source.endWindow()).isFalse();
    }

    @Test
    void read_afterTheFirstAnswer_isWarmingUp() {
        scrape(node(100, "centrifugo_transport_messages_sent{transport=\"websocket\"} 500"));

        assertThat(read().snapshot().info().numClients()).isEqualTo(7);
        assertThat(read().snapshot().metrics().numMsgSent()).isZero();
        assertThat(read().quality().byWireName())
                .containsEntry("num_msg_sent", Quality.UNAVAILABLE)
                .containsEntry("cpu_usage", Quality.UNAVAILABLE)
                .doesNotContainKey("num_clients");
        assertThat(source.endWindow()).as("no second answer").isFalse();
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

        assertThat(state.snapshot().metrics().numMsgSent())
                .as("7 + 3 + (6 - 5), no duplicate")
                .isEqualTo(11);
    }

    @Test
    void endWindow_counterThatFellBeganAnew() {
        NodeState state = after(
                node(100, "centrifugo_transport_messages_sent{transport=\"a\"} 500"),
                node(100, "centrifugo_transport_messages_sent{transport=\"a\"} 20"));

        assertThat(state.snapshot().metrics().numMsgSent()).isEqualTo(20);
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

        assertThat(state.snapshot().metrics().numMsgSent()).isEqualTo(2);
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

        assertThat(state.snapshot().metrics().timeApiMax()).isEqualTo(31_500_000_000L);
        assertThat(state.quality().byWireName()).containsEntry("time_api_max", Quality.BOUND);
    }

    @Test
    void endWindow_pingIsNoCommand() {
        String count = "centrifugo_client_command_duration_seconds_count{method=\"%s\"} %d";
        NodeState state = after(node(100), node(100, count.formatted("ping", 900), count.formatted("rpc", 4)));

        assertThat(state.snapshot().metrics().numClientRequests()).isEqualTo(4);
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

        assertThat(read().snapshot().info().numClients()).isEqualTo(7);
    }

    @Test
    void uid_isTheSameForAnyAgentAsLongAsTheNodeRuns() {
        scrape(node(100));
        String uid = read().snapshot().uid();
        CentrifugoSource another = source(() -> CompletableFuture.completedFuture(node(100)), ticker);
        another.refresh();

        assertThat(another.read(RecordedInterval.EMPTY).snapshot().uid()).isEqualTo(uid);
        scrape(node(101));
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
        assertThat(read().snapshot().metrics().numMsgSent()).isEqualTo(5);
    }

    @Test
    void silence_numbersAreOldThenTheNodeIsLetGoThenItIsBack() {
        scrape(node(100, "centrifugo_transport_messages_sent 500"));
        ticker.advance(Duration.ofSeconds(10));
        scrape(null);

        assertThat(read().snapshot().info().numClients()).isEqualTo(7);
        assertThat(read().quality().byWireName())
                .containsEntry("num_clients", Quality.OLD)
                .containsEntry("num_msg_sent", Quality.UNAVAILABLE)
                .doesNotContainKeys("started_at");
        assertThat(source.endWindow()).as("the window stays open").isFalse();

        ticker.advance(Duration.ofSeconds(6));
        assertThat(read()).isNull();

        scrape(node(100, "centrifugo_transport_messages_sent 900"));
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
        assertThat(read().snapshot().metrics().numMsgSent()).isEqualTo(12);
        assertThat(read().quality().byWireName()).containsEntry("num_msg_sent", Quality.CLOSE);
    }

    @Test
    void answer_thatIsNoCentrifugos() {
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
}
