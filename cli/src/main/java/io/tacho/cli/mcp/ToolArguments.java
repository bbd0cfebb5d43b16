// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.mcp;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of one call of a tool. Errors state the found and the expected value. */
final class ToolArguments {

    private final Map<String, Object> values;

    /**
     * Creates arguments.
     *
     * @param known the names of the tool's arguments
     * @throws IllegalArgumentException if there is another one
     */
    ToolArguments(@Nullable Map<String, Object> values, Collection<String> known) {
        this.values = values == null ? Map.of() : values;
        this.values.keySet().forEach(name -> {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("argument '" + name + "' (expected: "
                        + (known.isEmpty() ? "none" : "one of " + String.join(", ", known)) + ")");
            }
        });
    }

    /** Returns a text, or null if it is absent. */
    @Nullable
    String text(String name) {
        Object value = values.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw new IllegalArgumentException(name + ": " + value + " (expected: a text)");
    }

    /** Returns one of the given texts; the first one if it is absent. */
    String choice(String name, List<String> choices) {
        String value = text(name);
        if (value == null) {
            return choices.get(0);
        }
        if (!choices.contains(value)) {
            throw new IllegalArgumentException(
                    name + ": '" + value + "' (expected: one of " + String.join(", ", choices) + ")");
        }
        return value;
    }

    /** Returns a whole number in a range; the default if it is absent. */
    int number(String name, int defaultValue, int min, int max) {
        Object value = values.get(name);
        if (value == null) {
            return defaultValue;
        }
        if (value instanceof Number number
                && number.doubleValue() == number.intValue()
                && number.intValue() >= min
                && number.intValue() <= max) {
            return number.intValue();
        }
        throw new IllegalArgumentException(
                name + ": " + value + " (expected: a number from " + min + " to " + max + ")");
    }
}
