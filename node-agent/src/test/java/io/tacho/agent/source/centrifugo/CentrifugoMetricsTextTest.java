// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import static io.tacho.agent.source.centrifugo.ScrapedNode.after;
import static io.tacho.agent.source.centrifugo.ScrapedNode.metrics;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.source.NodeState;
import io.tacho.model.Field;
import io.tacho.model.Quality;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests metrics in the text variants of other exporters, and invalid metrics. */
class CentrifugoMetricsTextTest {

    private final ScrapedNode node = new ScrapedNode();

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
    void text_withTimestampsExemplarsOrQuotedNames_isRead(String line) {
        String name = "centrifugo_transport_messages_sent";
        NodeState state = after(
                metrics(100, line.formatted(name, 500), "# EOF"),
                metrics(100, line.formatted(name, 512), "{\"http.server.duration\",\"http.route\"=\"/x\"} 5", "# EOF"));

        assertThat(state.snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(12);
        assertThat(state.quality().of(Field.NUM_MSG_SENT)).isEqualTo(Quality.CLOSE);
    }

    @Test
    void text_withByteOrderMark_isRead() {
        NodeState state = after(
                "\uFEFFcentrifugo_transport_messages_sent 5\n" + metrics(100),
                "\uFEFFcentrifugo_transport_messages_sent 9\n" + metrics(100));

        assertThat(state.snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(4);
    }

    @Test
    void response_ofOtherProgram_isNotNode() {
        node.scrape("<html>\n<body>hello</body>\n");
        assertThat(node.read()).isNull();

        node.scrape("go_goroutines 12\nprocess_start_time_seconds 1\n");
        assertThat(node.read()).isNull();
    }

    @Test
    void values_thatAreNotNumbers_areIgnored() {
        NodeState state = after(
                metrics(100, "centrifugo_transport_messages_sent{transport=\"a\"} NaN"),
                metrics(
                        100,
                        "centrifugo_transport_messages_sent{transport=\"a\"} +Inf",
                        "centrifugo_transport_messages_sent{transport=\"b\"} NaN",
                        "centrifugo_transport_messages_sent{transport=\"c\"} -1",
                        "centrifugo_transport_messages_sent{transport=\"d\"} 2e0",
                        "garbage {",
                        "# TYPE garbage {"));

        assertThat(state.snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(2);
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
    void counter_invalid_isUnavailable_exactAgainLater(String unreadable) {
        String sent = "centrifugo_transport_messages_sent{transport=\"a\"} ";
        node.scrape(metrics(100, sent + 500));
        node.scrape(metrics(100, unreadable));
        assertThat(node.source().endWindow()).isTrue();
        assertThat(node.read().snapshot().number(Field.NUM_MSG_SENT)).isZero();
        assertThat(node.read().quality().of(Field.NUM_MSG_SENT)).isEqualTo(Quality.UNAVAILABLE);
        assertThat(node.read().quality().of(Field.NUM_MSG_QUEUED)).isEqualTo(Quality.UNAVAILABLE);

        node.scrape(metrics(100, sent + 700));
        assertThat(node.source().endWindow()).isTrue();
        assertThat(node.read().snapshot().number(Field.NUM_MSG_SENT)).isZero();
        assertThat(node.read().quality().of(Field.NUM_MSG_SENT)).isEqualTo(Quality.UNAVAILABLE);

        node.scrape(metrics(100, sent + 705));
        assertThat(node.source().endWindow()).isTrue();
        assertThat(node.read().snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(5);
        assertThat(node.read().quality().of(Field.NUM_MSG_SENT)).isEqualTo(Quality.CLOSE);
    }

    @Test
    void times_invalid_areUnavailable() {
        String count = "centrifugo_api_command_duration_seconds_count %s";
        String sum = "centrifugo_api_command_duration_seconds_sum %s";
        NodeState state = after(
                metrics(100, count.formatted(1), sum.formatted(1)),
                metrics(100, count.formatted("x"), sum.formatted(2)));

        assertThat(state.quality().byWireName())
                .containsEntry("num_api_requests", Quality.UNAVAILABLE)
                .containsEntry("time_api_mean", Quality.UNAVAILABLE)
                .containsEntry("time_api_max", Quality.UNAVAILABLE)
                .containsEntry("num_client_requests", Quality.CLOSE);
        assertThat(state.totals()).as("a total of 0 looks like a restart").isNull();
    }

    @Test
    void startTime_outOfRange_isUnavailable() {
        node.scrape(metrics(100)
                .replace("seconds 100", "seconds{a=\"1\"} 1e308\nprocess_start_time_seconds{a=\"2\"} 1e308"));

        assertThat(node.read().quality().of(Field.STARTED_AT)).isEqualTo(Quality.UNAVAILABLE);
    }
}
