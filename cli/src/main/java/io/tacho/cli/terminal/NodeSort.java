// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * An order of nodes; nodes that are equal in it are ordered by name, then uid.
 *
 * @param column null to order by state, worst first
 * @param descending the largest first
 */
record NodeSort(@Nullable Column column, boolean descending) {

    private static final Comparator<Node> BY_NAME =
            Comparator.comparing(Node::name).thenComparing(Node::uid);

    static final NodeSort NAME = new NodeSort(Column.NAME, false);

    /**
     * Reads {@code cpu}, {@code -cpu} or {@code state}; a minus puts the largest first.
     *
     * @throws IllegalArgumentException if there is no such column
     */
    static NodeSort parse(String text) {
        boolean descending = text.startsWith("-");
        String name = descending ? text.substring(1) : text;
        return new NodeSort(name.equals("state") ? null : Column.of(name), descending);
    }

    /** As one first wants to see a column: of numbers the largest first. */
    static NodeSort by(@Nullable Column column) {
        return new NodeSort(column, column != null && !column.isText());
    }

    NodeSort reversed() {
        return new NodeSort(column, !descending);
    }

    Comparator<Node> comparator() {
        Comparator<Node> order = order(column);
        return (descending ? order.reversed() : order).thenComparing(BY_NAME);
    }

    private static Comparator<Node> order(@Nullable Column column) {
        if (column == null) {
            return Comparator.comparing(Node::state);
        }
        if (column.isText()) {
            return Comparator.comparing(node -> node.text(column));
        }
        Comparator<Node> order = Comparator.comparingLong(node -> node.value(column));
        // ordered as what is shown: the age
        return column.isAge() ? order.reversed() : order;
    }
}
