// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.model.Field;
import io.tacho.model.MergeRules;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node as it was last heard of.
 *
 * @param fields its 22 fields, as they came
 * @param host where it runs; null if it is unknown
 * @param unavailable the names of the fields that its source does not have
 * @param state what it is now
 * @param trend the values of its last beats
 * @param heardNanos when it was last heard of, or when it went, on the monotonic clock
 */
record Node(JsonNode fields, @Nullable String host, Set<String> unavailable, State state, Trend trend, long heardNanos)
        implements MergeRules.Values {

    private static final String UNAVAILABLE = "unavailable";

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

    /** Creates a node of which only the fields are known. */
    Node(JsonNode fields, State state, long heardNanos) {
        this(fields, null, Set.of(), state, Trend.NONE, heardNanos);
    }

    /**
     * {@return the node that an event is about}
     *
     * @param before the node before the event; null if it was not known
     */
    static Node of(JsonNode event, State state, @Nullable Node before, long heardNanos) {
        Set<String> unavailable = new HashSet<>();
        event.path("quality").properties().forEach(flag -> {
            if (flag.getValue().asText().equals(UNAVAILABLE)) {
                unavailable.add(flag.getKey());
            }
        });
        return new Node(
                event.path("node"),
                event.path("host").asText(null),
                Set.copyOf(unavailable),
                state,
                (before == null ? Trend.NONE : before.trend()).with(event.path("node")),
                heardNanos);
    }

    @Override
    public long number(Field field) {
        return fields.path(field.wireName()).asLong();
    }

    @Override
    public boolean isUnavailable(Field field) {
        return unavailable.contains(field.wireName());
    }

    String uid() {
        return fields.path(Field.UID.wireName()).asText();
    }

    String name() {
        return fields.path(Field.NAME.wireName()).asText();
    }

    String text(Column column) {
        return fields.path(column.field().wireName()).asText();
    }

    long value(Column column) {
        return fields.path(column.field().wireName()).asLong();
    }

    Node with(State changed, long nanos) {
        return new Node(fields, host, unavailable, changed, trend, nanos);
    }
}
