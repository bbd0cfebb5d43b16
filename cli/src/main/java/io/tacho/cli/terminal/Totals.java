// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.model.Field;
import io.tacho.model.Field.MergeRule;
import io.tacho.model.MergeRules;
import io.tacho.text.Printable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The totals of nodes.
 *
 * @param values the total of each column, in the order of the fields; columns without a total are missing
 * @param upperBounds the columns whose total is only an upper bound
 * @param extras the merged extra values, in one line; empty if there are none
 */
record Totals(Map<Column, Long> values, Set<Column> upperBounds, String extras) {

    /** {@return the totals of some nodes, by the merge rules of the fields} */
    static Totals of(List<Node> nodes) {
        Map<Column, Long> values = new LinkedHashMap<>();
        Set<Column> upperBounds = new LinkedHashSet<>();
        for (Column column : Column.ALL) {
            Field field = column.field();
            if (field.mergeRule() != MergeRule.NONE && field.mergeRule() != MergeRule.RANGE) {
                values.put(column, MergeRules.merge(field, nodes));
                if (field.mergeRule() == MergeRule.UNION && nodes.size() > 1) {
                    upperBounds.add(column);
                }
            }
        }
        return new Totals(values, upperBounds, "");
    }

    /** {@return the totals of all nodes in a response of {@code /cluster}; null if it has none} */
    static @Nullable Totals parse(JsonNode cluster) {
        Map<Column, Long> values = new LinkedHashMap<>();
        Set<Column> upperBounds = new LinkedHashSet<>();
        for (Column column : Column.ALL) {
            JsonNode number = cluster.path("numbers").path(column.field().wireName());
            if (number.isNumber()) {
                values.put(column, number.asLong());
            }
            for (JsonNode bound : cluster.path("upper_bounds")) {
                if (bound.asText().equals(column.field().wireName())) {
                    upperBounds.add(column);
                }
            }
        }
        return values.isEmpty() ? null : new Totals(values, upperBounds, extras(cluster.path("extras")));
    }

    private static String extras(JsonNode extras) {
        StringJoiner line = new StringJoiner("   ");
        extras.properties().forEach(extra -> {
            JsonNode value = extra.getValue();
            line.add(Printable.line(extra.getKey()) + " "
                    + (value.has("p99")
                            ? "p99 "
                                    + Column.of(Field.TIME_CLIENT_MEAN)
                                            .format(value.path("p99").asLong(), 0)
                            : Column.of(Field.NUM_CLIENTS)
                                    .format(value.path("value").asLong(), 0)));
        });
        return line.toString();
    }

    /** {@return the total of a column; 0 if it has none} */
    long value(Column column) {
        return values.getOrDefault(column, 0L);
    }

    /** {@return the total of a column as text, with ≤ if it is an upper bound; empty if there is none} */
    String text(Column column) {
        Long value = values.get(column);
        return value == null ? "" : (upperBounds.contains(column) ? "≤" : "") + column.format(value, 0);
    }
}
