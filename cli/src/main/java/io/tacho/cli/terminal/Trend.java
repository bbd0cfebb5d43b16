// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.model.Field;
import java.util.Arrays;
import java.util.List;

/**
 * The values of a node in its last beats, of the fields that a sparkline can show.
 *
 * <p>Thread safety: immutable.
 */
final class Trend {

    /** The number of beats, and of characters in a sparkline. */
    static final int LENGTH = 12;

    /** The trend of a node without beats. */
    static final Trend NONE = new Trend(new float[0]);

    private static final List<Field> FIELDS = List.of(
            Field.NUM_CLIENTS,
            Field.NUM_MSG_PUBLISHED,
            Field.NUM_MSG_SENT,
            Field.TIME_API_MEAN,
            Field.TIME_CLIENT_MEAN,
            Field.TIME_CLIENT_MAX,
            Field.MEMORY_SYS,
            Field.CPU_USAGE);

    private static final String BARS = "▁▂▃▄▅▆▇█";

    /** The values of all fields in each beat, oldest first. */
    private final float[] values;

    private Trend(float[] values) {
        this.values = values;
    }

    /** {@return the field of which a sparkline is shown: that by which the nodes are sorted, or the clients} */
    static Field shownFor(NodeSort sort) {
        Column column = sort.column();
        return column != null && FIELDS.contains(column.field()) ? column.field() : Field.NUM_CLIENTS;
    }

    /** {@return the trend after one more beat} */
    Trend with(JsonNode beat) {
        int kept = Math.min(values.length, (LENGTH - 1) * FIELDS.size());
        float[] next =
                Arrays.copyOf(Arrays.copyOfRange(values, values.length - kept, values.length), kept + FIELDS.size());
        for (int i = 0; i < FIELDS.size(); i++) {
            next[kept + i] = beat.path(FIELDS.get(i).wireName()).asLong();
        }
        return new Trend(next);
    }

    /** {@return one character per beat, from 0 to the largest value, at most {@value #LENGTH}} */
    String sparkline(Field field) {
        int index = FIELDS.indexOf(field);
        StringBuilder line = new StringBuilder(LENGTH);
        float largest = 1;
        for (int i = index; i < values.length; i += FIELDS.size()) {
            largest = Math.max(largest, values[i]);
        }
        for (int i = index; i < values.length; i += FIELDS.size()) {
            line.append(BARS.charAt(Math.round(values[i] / largest * (BARS.length() - 1))));
        }
        return line.toString();
    }
}
