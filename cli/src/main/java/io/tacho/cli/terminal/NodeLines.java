// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import io.tacho.cli.terminal.Node.State;
import io.tacho.model.Field;
import io.tacho.text.Printable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of nodes as lines.
 *
 * @param columns from left to right
 * @param nameWidth cells for names
 * @param states whether there is a column of states
 * @param trend the field of the sparklines; null for none
 * @param colour whether to paint
 * @param nowSeconds what ages are counted from
 */
record NodeLines(
        List<Column> columns,
        int nameWidth,
        boolean states,
        @Nullable Field trend,
        boolean colour,
        long nowSeconds) {

    private static final int STATE_WIDTH = 10;
    private static final int SHORTEST_NAME = 12;
    private static final int LONGEST_NAME = 40;
    private static final int NARROWEST_WITH_TREND = 100;

    /** As many of the columns as there is room for, with names as wide as they are. */
    static NodeLines fitted(
            List<Column> columns, List<Node> nodes, int width, @Nullable Field trend, boolean colour, long nowSeconds) {
        int names = SHORTEST_NAME;
        for (Node node : nodes) {
            names = Math.max(names, Math.min(LONGEST_NAME, Text.width(Printable.line(node.name()))));
        }
        List<Column> fitting = new ArrayList<>();
        Field shown = width < NARROWEST_WITH_TREND ? null : trend;
        int used = STATE_WIDTH + (shown == null ? 0 : 1 + Trend.LENGTH);
        for (Column column : columns) {
            used += 1 + (column.field() == Field.NAME ? names : column.width());
            if (used > width && !fitting.isEmpty()) {
                break;
            }
            fitting.add(column);
        }
        return new NodeLines(List.copyOf(fitting), names, true, shown, colour, nowSeconds);
    }

    private int width(Column column) {
        return column.field() == Field.NAME ? nameWidth : column.width();
    }

    /** Returns the names of the columns, with a mark at what they are sorted by; null for none. */
    String head(@Nullable NodeSort sort) {
        StringBuilder line = new StringBuilder();
        if (states) {
            line.append(
                    Text.left(sort != null && sort.column() == null ? "STATE" + arrow(sort) : "STATE", STATE_WIDTH));
        }
        for (Column column : columns) {
            separate(line);
            String title = sort != null && column.equals(sort.column()) ? column.title() + arrow(sort) : column.title();
            line.append(column.isText() ? Text.left(title, width(column)) : Text.right(title, width(column)));
        }
        if (trend != null) {
            separate(line);
            line.append(Text.left("~" + Column.of(trend).title(), Trend.LENGTH));
        }
        return line.toString();
    }

    private static String arrow(NodeSort sort) {
        return sort.descending() ? "↓" : "↑";
    }

    private static void separate(StringBuilder line) {
        if (line.length() > 0) {
            line.append(' ');
        }
    }

    String line(Node node) {
        StringBuilder line = new StringBuilder();
        if (states) {
            line.append(style(node.state()).paint(Text.left(node.state().label(), STATE_WIDTH), colour));
        }
        Style style = node.state().isGone() ? Style.QUIET : Style.PLAIN;
        for (Column column : columns) {
            separate(line);
            String cell = column.isText()
                    ? Text.left(Printable.line(node.text(column)), width(column))
                    : Text.right(column.format(node.value(column), nowSeconds), width(column));
            line.append(style.paint(cell, colour));
        }
        if (trend != null) {
            separate(line);
            line.append(style.paint(Text.left(node.trend().sparkline(trend), Trend.LENGTH), colour));
        }
        return line.toString();
    }

    /** {@return the row of totals} */
    String total(Totals totals) {
        StringBuilder line = new StringBuilder();
        if (states) {
            line.append(Text.left("all", STATE_WIDTH));
        }
        for (Column column : columns) {
            separate(line);
            line.append(Text.right(totals.text(column), width(column)));
        }
        return Style.BOLD.paint(line.toString(), colour);
    }

    static Style style(State state) {
        return switch (state) {
            case LIVE -> Style.GOOD;
            case LOST -> Style.BAD;
            case DRAINING, STALE -> Style.WARN;
            case LEFT, RESTARTED -> Style.QUIET;
        };
    }
}
