// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.model.Field;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodeSortTest {

    private static final Node A = Nodes.live("a", 5);
    private static final Node B = Nodes.live("b", 9);
    private static final Node C = Nodes.live("c", 5);

    private static List<String> names(NodeSort sort, Node... nodes) {
        return Stream.of(nodes).sorted(sort.comparator()).map(Node::name).toList();
    }

    @Test
    void number_descending_equalOnesByName() {
        assertThat(names(NodeSort.parse("-clients"), C, A, B)).containsExactly("b", "a", "c");
    }

    @Test
    void number_ascending_equalOnesByName() {
        assertThat(names(NodeSort.parse("clients"), C, B, A)).containsExactly("a", "c", "b");
    }

    @Test
    void name_ascending() {
        assertThat(names(NodeSort.parse("name"), C, B, A)).containsExactly("a", "b", "c");
    }

    @Test
    void state_worstFirst() {
        Node lost = B.with(Node.State.LOST, 1);
        Node draining = C.with(Node.State.DRAINING, 1);

        assertThat(names(NodeSort.parse("state"), A, draining, lost)).containsExactly("b", "c", "a");
    }

    @Test
    void age_descending_oldestFirst() {
        Node older = new Node(Nodes.fields("older", 1).put("started_at", 500), Node.State.LIVE, 0);

        assertThat(names(NodeSort.by(Column.of(Field.STARTED_AT)), A, older)).containsExactly("older", "a");
    }

    @Test
    void by_textColumn_isAscending() {
        assertThat(NodeSort.by(Column.NAME).descending()).isFalse();
    }

    @Test
    void unknownColumn_isRejected() {
        assertThatThrownBy(() -> NodeSort.parse("-load")).isInstanceOf(IllegalArgumentException.class);
    }
}
