// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.model.Field;
import io.tacho.testing.ManualTicker;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JsonLinesTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private final LiveCluster cluster = new LiveCluster(new ManualTicker());

    @BeforeEach
    void threeNodes() {
        cluster.opened();
        cluster.event("reset", Nodes.status(true));
        cluster.event("snapshot", Nodes.beat("b", 20));
        cluster.event("snapshot", Nodes.beat("a", 10));
        cluster.event("draining", ((ObjectNode) Nodes.beat("c", 30)).put("state", "draining"));
        cluster.event("synced", Nodes.status(true));
    }

    private JsonNode line(String filter, NodeSort sort) throws IOException {
        String line = JsonLines.of(cluster.snapshot(), NodeFilter.parse(filter), sort, NOW);
        assertThat(line).doesNotContain("\n");
        return new ObjectMapper().readTree(line);
    }

    @Test
    void line_hasAllNodesSorted() throws IOException {
        JsonNode line = line("", NodeSort.NAME);

        assertThat(line.path("at").asText()).isEqualTo("2026-01-31T12:00:00Z");
        assertThat(line.path("connected").asBoolean()).isTrue();
        assertThat(line.path("metrics_interval").asInt()).isEqualTo(10);
        assertThat(line.path("nodes").findValuesAsText("name")).containsExactly("a", "b", "c");
        assertThat(line.path("nodes").findValuesAsText("state")).containsExactly("live", "live", "draining");
        assertThat(line.at("/totals/num_clients").asInt()).isEqualTo(60);
        assertThat(line.at("/totals/time_client_max").asInt()).isEqualTo(5_000_000);
        assertThat(line.path("upper_bounds"))
                .extracting(JsonNode::asText)
                .containsExactly("num_unique_clients", "num_channels");
    }

    @Test
    void line_hasTheTotalsOfTheFilteredNodes() throws IOException {
        JsonNode line = line("num_clients>=20", NodeSort.by(Column.of(Field.NUM_CLIENTS)));

        assertThat(line.path("nodes").findValuesAsText("name")).containsExactlyInAnyOrder("b", "c");
        assertThat(line.at("/totals/num_clients").asInt()).isEqualTo(50);
    }

    @Test
    void line_lostNode_isListedButExcludedFromTheTotals() throws IOException {
        cluster.event("lost", Nodes.beat("b", 20));

        JsonNode line = line("", NodeSort.NAME);

        assertThat(line.path("nodes").findValuesAsText("state"))
                .contains("lost")
                .hasSize(3);
        assertThat(line.at("/totals/num_clients").asInt()).isEqualTo(40);
    }

    @Test
    void line_nodesAreNotModified() throws IOException {
        line("", NodeSort.NAME);

        assertThat(cluster.snapshot().nodes()).noneMatch(node -> node.fields().has("state"));
    }

    @Test
    void line_partialView_hasItsPartitions() throws IOException {
        cluster.event("stale", Nodes.partialStatus(3, 8));
        cluster.closed();

        JsonNode line = line("", NodeSort.NAME);

        assertThat(line.path("partitions").toString()).isEqualTo("{\"total\":8,\"disconnected\":3}");
        assertThat(line.path("stale_ms").asInt()).isEqualTo(7_000);
        assertThat(line.path("connected").asBoolean()).isFalse();
    }

    @Test
    void stats_haveTheFormatOfTheApi() throws IOException {
        String line = JsonLines.of(List.of(Nodes.live("x\u001b", 1)), 60);

        assertThat(line.chars()).noneMatch(Character::isISOControl);
        JsonNode data = new ObjectMapper().readTree(line).path("data");
        assertThat(data.at("/nodes/0/num_clients").asInt()).isEqualTo(1);
        assertThat(data.path("metrics_interval").asInt()).isEqualTo(60);
    }
}
