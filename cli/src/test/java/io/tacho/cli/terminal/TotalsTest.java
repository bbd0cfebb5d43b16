// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.model.Field;
import java.util.List;
import org.junit.jupiter.api.Test;

class TotalsTest {

    private static Node node(long requests, long mean, String host, String unavailable) {
        ObjectNode event = (ObjectNode) Nodes.beat("a", 10);
        ((ObjectNode) event.path("node")).put("num_client_requests", requests).put("time_client_mean", mean);
        event.put("host", host)
                .putObject("quality")
                .put(unavailable, "unavailable")
                .put("num_clients", "close");
        return Node.of(event, Node.State.LIVE, null, 0);
    }

    @Test
    void unavailableMean_doesNotLowerTheMean() {
        Totals totals =
                Totals.of(List.of(node(10, 500, "h", "bytes_client_in"), node(1_000, 0, "h", "time_client_mean")));

        assertThat(totals.value(Column.of(Field.TIME_CLIENT_MEAN))).isEqualTo(500);
    }

    @Test
    void cpusOfOneHost_countOnce() {
        assertThat(Totals.of(List.of(node(1, 1, "h", "x"), node(1, 1, "h", "x")))
                        .text(Column.of(Field.NUM_CPU)))
                .isEqualTo("4");
        assertThat(Totals.of(List.of(node(1, 1, "h", "x"), node(1, 1, "i", "x")))
                        .text(Column.of(Field.NUM_CPU)))
                .isEqualTo("8");
    }

    @Test
    void users_ofSeveralNodes_sumIsAnUpperBound() {
        assertThat(Totals.of(List.of(Nodes.live("a", 10), Nodes.live("b", 10)))
                        .text(Column.of(Field.NUM_UNIQUE_CLIENTS)))
                .isEqualTo("≤18");
        assertThat(Totals.of(List.of(Nodes.live("a", 10))).text(Column.of(Field.NUM_UNIQUE_CLIENTS)))
                .isEqualTo("9");
    }

    @Test
    void noNodes_totalsAreEmpty() {
        assertThat(Totals.of(List.of()).text(Column.NAME)).isEmpty();
        assertThat(Totals.of(List.of()).text(Column.of(Field.STARTED_AT))).isEmpty();
        assertThat(Totals.of(List.of()).text(Column.of(Field.NUM_CLIENTS))).isEqualTo("0");
    }

    @Test
    void response_ofTheCluster() throws Exception {
        Totals totals = Totals.parse(new ObjectMapper()
                .readTree("{\"numbers\":{\"num_unique_clients\":12,\"num_channels\":7,\"time_api_p99\":1},"
                        + "\"upper_bounds\":[\"num_channels\"]}"));

        assertThat(totals.text(Column.of(Field.NUM_UNIQUE_CLIENTS))).isEqualTo("12");
        assertThat(totals.text(Column.of(Field.NUM_CHANNELS))).isEqualTo("≤7");
        assertThat(totals.text(Column.of(Field.NUM_CLIENTS))).isEmpty();
    }

    @Test
    void response_withoutNumbers_returnsNull() throws Exception {
        assertThat(Totals.parse(new ObjectMapper().readTree("{\"merged\":{}}"))).isNull();
    }
}
