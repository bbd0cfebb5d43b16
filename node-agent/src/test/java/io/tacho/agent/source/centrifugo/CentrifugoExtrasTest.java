// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import static io.tacho.agent.source.centrifugo.ScrapedNode.after;
import static io.tacho.agent.source.centrifugo.ScrapedNode.metrics;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.source.NodeState;
import io.tacho.model.Extra;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests extra values of Centrifugo metrics. */
class CentrifugoExtrasTest {

    private final ScrapedNode node = new ScrapedNode();

    @Test
    void extras_areCurrentGaugesAndWindowCounters() {
        String inflight =
                "centrifugo_client_connections_inflight{transport=\"%s\",client_name=\"js\",client_version=\"5.2\"} %d";
        String disconnects = "centrifugo_client_num_server_disconnects{code=\"3008\"} %d";
        String lag = "centrifugo_node_pub_sub_lag_seconds_bucket{le=\"%s\"} %d";
        NodeState state = after(
                metrics(100, disconnects.formatted(12), "centrifugo_client_recover{recovered=\"yes\"} 1"),
                metrics(
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
    void extras_clientNames_areBounded() {
        String inflight = "centrifugo_client_connections_inflight{client_name=\"%s\"} 1\n";
        String clients = IntStream.range(0, 99)
                        .mapToObj(i -> inflight.formatted("client-" + i))
                        .collect(Collectors.joining())
                + inflight.formatted("a very long name with \\\"quotes\\\" and \\n")
                        .replace("} 1", "} 5");
        node.scrape(metrics(100, clients));

        assertThat(node.read().extras().byName()).hasSize(12).containsKey("clients{name=\"a very long name with _q\"}");
    }

    @Test
    void extras_clientsWithoutName_areNotListed() {
        node.scrape(metrics(100, "centrifugo_client_connections_inflight{client_name=\"unregistered\"} 7"));

        assertThat(node.read().extras().byName()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "centrifugo_client_connections_accepted{transport=\"%s\"} %d",
                "centrifugo_transport_connect_count{transport=\"%s\"} %d",
                "centrifugo_client_command_duration_seconds_count{method=\"connect\",channel_namespace=\"%s\"} %d"
            })
    void extras_connects_ofEachVersion(String metric) {
        NodeState state = after(
                metrics(100, metric.formatted("a", 2)),
                metrics(
                        100,
                        metric.formatted("a", 5),
                        metric.formatted("b", 4),
                        "centrifugo_client_command_duration_seconds_count{method=\"rpc\"} 100"));

        assertThat(state.counted().extras().byName()).containsEntry("connects", Extra.counter(7, 9));
    }
}
