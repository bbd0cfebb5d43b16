// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/**
 * A node as it was last heard of.
 *
 * @param fields its 22 fields, as they came
 * @param state what it is now
 * @param heardNanos when it was last heard of, or when it went, on the monotonic clock
 */
record Node(JsonNode fields, State state, long heardNanos) {

    /** Worst first: so they are sorted. */
    enum State {
        LOST,
        STALE,
        DRAINING,
        LEFT,
        RESTARTED,
        LIVE;

        boolean isGone() {
            return this == LOST || this == LEFT || this == RESTARTED;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String label) {
            for (State state : values()) {
                if (state.label().equals(label)) {
                    return state;
                }
            }
            throw new IllegalArgumentException(
                    "state: '" + label + "' (expected: one of lost, stale, draining, left, restarted, live)");
        }
    }

    String uid() {
        return text(Column.UID);
    }

    String name() {
        return text(Column.NAME);
    }

    String text(Column column) {
        return fields.path(column.field).asText();
    }

    long value(Column column) {
        return fields.path(column.field).asLong();
    }

    Node with(State changed, long nanos) {
        return new Node(fields, changed, nanos);
    }
}
