// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Field;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeLinesTest {

    private static final List<Column> COLUMNS = List.of(
            Column.NAME, Column.of(Field.NUM_CLIENTS), Column.of(Field.NUM_UNIQUE_CLIENTS), Column.of(Field.NUM_CPU));
    private static final List<Node> NODES = List.of(Nodes.live("chat-1", 10), Nodes.live("chat-2", 20));

    private static NodeLines fitted(int width, List<Node> nodes) {
        return NodeLines.fitted(COLUMNS, nodes, width, null, false, 8_200);
    }

    @Test
    void fitted_columnsThatFit() {
        assertThat(fitted(10 + 13 + 9, NODES).columns()).containsExactly(Column.NAME, Column.of(Field.NUM_CLIENTS));
        assertThat(fitted(10 + 13 + 8, NODES).columns()).containsExactly(Column.NAME);
        assertThat(fitted(100, NODES).columns()).isEqualTo(COLUMNS);
    }

    @Test
    void fitted_narrowTerminal_retainsTheFirstColumn() {
        assertThat(fitted(1, NODES).columns()).containsExactly(Column.NAME);
    }

    @Test
    void fitted_namesAreAsWideAsTheLongestUpTo40() {
        assertThat(fitted(100, List.of(Nodes.live("a".repeat(30), 1))).nameWidth())
                .isEqualTo(30);
        assertThat(fitted(100, List.of(Nodes.live("a".repeat(99), 1))).nameWidth())
                .isEqualTo(40);
        assertThat(fitted(100, NODES).nameWidth()).isEqualTo(12);
    }

    @Test
    void head_marksTheSortedColumn() {
        NodeLines lines = fitted(100, NODES);

        assertThat(lines.head(NodeSort.by(Column.of(Field.NUM_CLIENTS))))
                .isEqualTo("STATE      NAME         CLIENTS↓    USERS   CPUS");
        assertThat(lines.head(NodeSort.by(null))).startsWith("STATE↑     NAME ");
        assertThat(lines.head(null)).startsWith("STATE      NAME          CLIENTS ");
    }

    @Test
    void line_alignsTextLeftAndNumbersRight() {
        assertThat(fitted(100, NODES).line(NODES.get(0))).isEqualTo("live       chat-1             10        9      4");
    }

    @Test
    void line_ofAWideName_keepsTheColumns() {
        NodeLines lines = fitted(100, NODES);

        assertThat(Text.width(lines.line(Nodes.live("日本", 1)))).isEqualTo(Text.width(lines.line(NODES.get(0))));
    }

    @Test
    void line_withColor_colorsTheState() {
        NodeLines lines = NodeLines.fitted(COLUMNS, NODES, 100, null, true, 8_200);

        assertThat(lines.line(NODES.get(0).with(Node.State.LOST, 0)))
                .startsWith("\u001b[1;31mlost      \u001b[0m \u001b[2mchat-1");
    }

    @Test
    void total_mergesEachColumnByItsRule() {
        assertThat(fitted(100, NODES).total(Totals.of(NODES)))
                .isEqualTo("all                           30      ≤28      8");
    }
}
