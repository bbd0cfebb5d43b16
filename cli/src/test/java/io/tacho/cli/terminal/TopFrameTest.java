// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopFrameTest {

    private final ManualTicker ticker = new ManualTicker();
    private final LiveCluster cluster = new LiveCluster(ticker);
    private final TopState state = new TopState(Column.DEFAULT, NodeSort.NAME, NodeFilter.ALL);

    @BeforeEach
    void nodes() {
        cluster.opened();
        cluster.event("reset", Nodes.status(true));
        for (int i = 10; i < 60; i++) {
            cluster.event("snapshot", Nodes.beat("chat-" + i, i));
        }
        cluster.event("synced", Nodes.status(true));
    }

    private List<String> lines(int columns, int lines) {
        return new TopFrame("http://here", false, 1_000 + 7_200, ticker.getAsLong())
                .lines(cluster.snapshot(), state, new Screen.Size(columns, lines), "rejected");
    }

    @Test
    void frame_hasTheSizeOfTheScreen() {
        for (int columns : new int[] {24, 80, 240}) {
            assertThat(lines(columns, 24))
                    .hasSize(24)
                    .allSatisfy(line -> assertThat(Text.width(line)).isLessThanOrEqualTo(columns));
        }
    }

    @Test
    void frame_hasNodesAndTotals() {
        List<String> lines = lines(120, 24);

        assertThat(lines.get(0))
                .startsWith("Tacho  http://here · windows of 10 s")
                .endsWith("  live");
        assertThat(lines.get(1)).isEqualTo("50 nodes live");
        assertThat(lines.get(2)).startsWith("clients 1725   users ≤1675");
        assertThat(lines.get(3)).startsWith("published 1725/s   sent 5175/s");
        assertThat(lines.get(7)).matches("live +chat-10 +10 +9 +7 +100 +300 +10 .*");
        assertThat(lines.get(23)).startsWith("1-16 of 50");
    }

    @Test
    void totals_areLoadedFromTheAggregator_unlessFiltered() throws Exception {
        cluster.totals(Totals.parse(new ObjectMapper()
                .readTree("{\"numbers\":{\"num_clients\":1725,\"num_unique_clients\":1234,\"num_channels\":350},"
                        + "\"upper_bounds\":[\"num_channels\"]}")));

        assertThat(lines(120, 24).get(2)).startsWith("clients 1725   users 1234   channels ≤350");
        assertThat(lines(120, 24).get(6)).matches("all +1725 +1234 +≤350 .*");

        for (String key : List.of("/", "c", "h", "a", "t", "-", "1", "ENTER")) {
            state.press(key, 16);
        }

        assertThat(lines(120, 24).get(2)).startsWith("clients 1725   users 1234 ");
        assertThat(lines(120, 24).get(6)).matches("all +145 +≤135 +≤70 .*");
    }

    @Test
    void extras_withoutFilterOrMessage_areInTheFilterLine() throws Exception {
        cluster.totals(Totals.parse(new ObjectMapper()
                .readTree("{\"numbers\":{\"num_clients\":1725},\"extras\":{"
                        + "\"num_subs\":{\"kind\":\"gauge\",\"rule\":\"sum\",\"nodes\":3,\"value\":75},"
                        + "\"ping_pong\":{\"kind\":\"timer\",\"rule\":\"histogram\",\"count\":9,\"p99\":2000000},"
                        + "\"bad\\u001b\":{\"value\":1}}}")));

        assertThat(lines(120, 24).get(4))
                .startsWith("num_subs 75   ping_pong p99 2")
                .contains("bad\\u001b 1");

        state.press(" ", 16);
        assertThat(lines(120, 24).get(4)).doesNotContain("num_subs");
    }

    @Test
    void keys_sortFilterAndMove() {
        state.press("c", 16);
        assertThat(lines(120, 24).get(7)).contains("chat-59");
        state.press("r", 16);
        assertThat(lines(120, 24).get(7)).contains("chat-10");
        state.press("PAGE_DOWN", 16);
        assertThat(lines(120, 24).get(7)).contains("chat-26");
        state.press("END", 16);
        assertThat(lines(120, 24).get(22)).contains("chat-59");
        for (String key : List.of("/", "c", "l", "i", "e", "n", "t", "s", ">", "x", "ENTER")) {
            state.press(key, 16);
        }
        assertThat(lines(120, 24).get(4)).startsWith("filter: clients>x▏   clients>x: 'x' (expected: a whole number");
        for (String key : List.of("BACKSPACE", "5", "7", "ENTER")) {
            state.press(key, 16);
        }
        assertThat(lines(120, 24).get(23)).startsWith("1-2 of 2 (50 in all)");
        state.press("ESCAPE", 16);
        assertThat(lines(120, 24).get(23)).startsWith("1-16 of 50");
        state.press("q", 16);
        assertThat(state.done).isTrue();
    }

    @Test
    void verdict_equalsThatOfTheDashboard() throws Exception {
        ObjectMapper json = new ObjectMapper();
        cluster.event("lost", Nodes.beat("chat-12", 1));
        ticker.advance(Duration.ofMinutes(3));
        for (int i = 13; i < 60; i++) {
            cluster.event("snapshot", Nodes.beat("chat-" + i, i));
        }
        cluster.event("draining", ((ObjectNode) Nodes.beat("chat-13", 1)).put("state", "draining"));
        cluster.status(ClusterStatus.parse(
                json.readTree(
                        "{\"identity\":{\"cluster\":\"prod\"},\"outliers\":{\"deviations\":["
                                + "{\"name\":\"chat-17\",\"indicator\":\"api_latency\",\"factor\":4.104},"
                                + "{\"name\":\"chat-17\",\"indicator\":\"memory\",\"factor\":2},"
                                + "{\"name\":\"chat-18\",\"indicator\":\"version\",\"method\":\"minority\",\"value\":1,\"peers\":50}]}}"),
                json.readTree("{\"alerts\":[{\"status\":\"firing\",\"labels\":{\"severity\":\"warning\"}},"
                        + "{\"status\":\"firing\",\"silenced\":true},{\"status\":\"resolved\"},"
                        + "{\"status\":\"firing\",\"labels\":{\"severity\":\"critical\"}}]}")));

        assertThat(lines(240, 24).get(0)).startsWith("Tacho  prod  http://here");
        assertThat(lines(240, 24).get(1))
                .isEqualTo("48 nodes live · 1 draining · chat-12 lost 3 min ago · chat-17 outlier (API latency 4.1 ×)"
                        + " · chat-18 outlier (version of only 1 of 50 nodes) · 2 alerts");
        assertThat(ClusterStatus.Verdict.of(cluster.snapshot(), ticker.getAsLong())
                        .style())
                .isEqualTo(Style.BAD);
    }

    @Test
    void trend_sparklineOfTheSortColumn() {
        for (int clients : new int[] {0, 5, 20}) {
            cluster.event("snapshot", Nodes.beat("chat-10", clients));
        }

        assertThat(lines(120, 24).get(5)).contains(" ~CLIENTS ");
        assertThat(lines(120, 24).get(7)).endsWith("▅▁▃█        ");
        assertThat(lines(80, 24).get(5)).doesNotContain("~");
        state.press("m", 16);
        assertThat(lines(120, 24).get(5)).contains(" ~MEMORY ");
    }

    @Test
    void enter_showsTheSelectedNode_untilTheNextKey() throws Exception {
        state.press("DOWN", 16);
        state.press("DOWN", 16);
        state.press("DOWN", 16);
        assertThat(lines(120, 24).get(9)).startsWith(">ive").contains("chat-12");
        state.press("ENTER", 16);
        cluster.detail(new ObjectMapper()
                .readTree("{\"host\":\"web-1\",\"version\":\"6.1.0\",\"labels\":{\"zone\":\"e\\u001bu\"},"
                        + "\"quality\":{\"num_channels\":\"bound\"},"
                        + "\"outlier\":[{\"indicator\":\"cpu_usage\",\"factor\":0.25}]}"));

        List<String> lines = lines(120, 40);

        assertThat(lines(120, 40).get(6)).startsWith("  chat-12   live   uid ");
        assertThat(NodeDetails.lines(cluster.snapshot().nodes().get(0), new ObjectMapper().readTree("{}"), 0)
                        .get(2))
                .as("a node that reports nothing about itself")
                .isEmpty();
        assertThat(lines.get(7)).isEqualTo("  host web-1   version 6.1.0   zone=e\\u001bu");
        assertThat(lines.get(8)).isEqualTo("  outlier: CPU 0.25 ×");
        assertThat(lines)
                .anyMatch(line -> line.matches("  Clients +12"))
                .anyMatch(line -> line.matches("  Channels +7   bound"));
        state.press("q", 16);
        assertThat(state.done).isFalse();
        assertThat(lines(120, 24).get(9)).contains("chat-12");
    }

    @Test
    void columns_typed_areApplied_invalidIsReported() {
        state.press("v", 16);
        "name,cpux".chars().forEach(key -> state.press(Character.toString(key), 16));
        state.press("ENTER", 16);
        assertThat(lines(120, 24).get(4)).startsWith("columns: name,cpux▏   column: 'cpux' (expected: one of");
        state.press("BACKSPACE", 16);
        state.press("ENTER", 16);

        assertThat(lines(90, 24).get(5)).matches("STATE +NAME↑ +CPU *");
        state.press("v", 16);
        state.press("ENTER", 16);
        assertThat(state.columns).isEqualTo(Column.DEFAULT);
    }

    @Test
    void staleView_hasTheShareOfPartitions() {
        cluster.opened();
        cluster.event("stale", Nodes.status(false));
        assertThat(lines(120, 24).get(0)).endsWith("view 7s old: Redis is away");

        cluster.event("stale", Nodes.partialStatus(3, 8));
        assertThat(lines(120, 24).get(0)).endsWith("3 of 8 partitions 7s old");
    }

    @Test
    void disconnected_hasTheReason() {
        cluster.closed();
        ticker.advance(Duration.ofSeconds(42));

        assertThat(lines(120, 24).get(0)).endsWith("away, 42s old: rejected");
        assertThat(lines(120, 24).get(7)).startsWith("stale");
    }

    @Test
    void nodeNameWithEscapeSequences_isEscaped() {
        cluster.event("snapshot", Nodes.beat("aa\u001b]0;owned\u0007", 1));

        assertThat(lines(120, 24)).noneMatch(line -> line.indexOf('\u001b') >= 0 || line.indexOf('\u0007') >= 0);
    }
}
