// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The header fields of a request in their order. Names are case-insensitive. */
public final class Headers {

    public record Field(String name, String value) {}

    static final Headers NONE = new Headers(List.of());

    private final List<Field> fields;

    Headers(List<Field> fields) {
        this.fields = List.copyOf(fields);
    }

    /** Returns the value of the first field of that name. */
    @Nullable
    public String first(String name) {
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                return field.value();
            }
        }
        return null;
    }

    /** Returns the value of the first field of that name, or an empty text. */
    public String firstOrEmpty(String name) {
        String value = first(name);
        return value == null ? "" : value;
    }

    /** Returns the values of all fields of that name. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                values.add(field.value());
            }
        }
        return values;
    }

    /** Returns the members of the comma-separated lists of that name, in lower case. */
    List<String> tokens(String name) {
        List<String> tokens = new ArrayList<>(2);
        for (String value : all(name)) {
            for (String token : value.split(",", -1)) {
                String trimmed = token.trim();
                if (!trimmed.isEmpty()) {
                    tokens.add(trimmed.toLowerCase(Locale.ROOT));
                }
            }
        }
        return tokens;
    }
}
