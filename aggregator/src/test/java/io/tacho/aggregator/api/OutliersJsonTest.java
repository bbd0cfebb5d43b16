// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.outlier.Indicator;
import io.tacho.aggregator.outlier.Outlier;
import io.tacho.aggregator.outlier.OutlierReport;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutliersJsonTest {

    private static final Instant SINCE = Instant.ofEpochMilli(1_795_368_000_123L);

    private static Outlier outlier(String uid, Indicator indicator, double factor) {
        return new Outlier(uid, "n-" + uid, indicator, 4.12345, 1.00049, factor, 40, Outlier.Method.RATIO, SINCE);
    }

    @Test
    void node_withoutDeviations_hasNoMember() {
        ObjectNode node = ApiJson.object();
        OutliersJson.writeNode(node, List.of());

        assertThat(node).isEmpty();
    }

    @Test
    void node_hasOneObjectPerIndicator_withThreeDecimalPlaces() throws IOException {
        ObjectNode node = ApiJson.object();
        OutliersJson.writeNode(
                node, List.of(outlier("a", Indicator.MESSAGES_PER_CLIENT, 4.1216), outlier("a", Indicator.MEMORY, 2)));

        assertThat(node.path("outlier")).hasSize(2);
        assertThat(node.at("/outlier/0")).isEqualTo(new ObjectMapper().readTree("""
                        {"indicator":"messages_per_client","field":"num_msg_sent","per_client":true,
                         "value":4.123,"median":1.0,"factor":4.122,"peers":40,"method":"ratio",
                         "since_ms":1795368000123}"""));
        assertThat(node.at("/outlier/1/per_client").asBoolean(true)).isFalse();
        assertThat(node.at("/outlier/1/field").asText()).isEqualTo("memory_sys");
    }

    @Test
    void cluster_countsNodesOnce_andListsAHundredDeviations() {
        List<Outlier> outliers = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            outliers.add(outlier("u" + i, Indicator.CPU_USAGE, 9));
            outliers.add(outlier("u" + i, Indicator.MEMORY, 3));
        }
        ObjectNode json = ApiJson.object();
        OutliersJson.writeCluster(json, OutlierReport.of(outliers));

        assertThat(json.path("nodes").asInt()).isEqualTo(80);
        assertThat(json.path("deviations")).hasSize(100);
        assertThat(json.at("/deviations/99/uid").asText()).isEqualTo("u49");
        assertThat(json.at("/deviations/99/name").asText()).isEqualTo("n-u49");
        assertThat(json.path("changes")).isEmpty();
    }

    @Test
    void cluster_filter_appliesBeforeTheLimit() {
        List<Outlier> outliers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            outliers.add(outlier("u" + i, Indicator.CPU_USAGE, 9));
        }
        ObjectNode json = ApiJson.object();
        OutliersJson.writeCluster(
                json, OutlierReport.of(outliers), outlier -> outlier.uid().startsWith("u29"));

        assertThat(json.path("nodes").asInt()).as("u29 and u290 to u299").isEqualTo(11);
        assertThat(json.path("deviations"))
                .extracting(one -> one.path("uid").asText())
                .contains("u29", "u299");
        assertThat(json.has("changes")).isFalse();
    }

    @Test
    void changes_haveTimeAndDirection_inReportOrder() {
        Outlier one = outlier("a", Indicator.CPU_USAGE, 9);
        OutlierReport report = new OutlierReport(
                List.of(),
                Map.of(),
                true,
                List.of(new OutlierReport.Change(2_000, false, one), new OutlierReport.Change(1_000, true, one)));
        ObjectNode json = ApiJson.object();
        OutliersJson.writeCluster(json, report);

        assertThat(json.path("nodes").asInt()).isZero();
        assertThat(json.path("changes"))
                .extracting(c -> c.path("time").asLong())
                .containsExactly(2_000L, 1_000L);
        assertThat(json.path("changes"))
                .extracting(c -> c.path("change").asText())
                .containsExactly("ended", "started");
        assertThat(json.path("changes")).extracting(JsonNode::size).containsOnly(4 + 9);
    }
}
