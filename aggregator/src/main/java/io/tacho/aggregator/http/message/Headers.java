// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The header fields of a request, in the order in which they came; names are compared without regard to case. */
public final class Headers {

    public record Field(String name, String value) {}

    static final Headers NONE = new Headers(List.of());

    private final List<Field> fields;

    Headers(List<Field> fields) {
        this.fields = List.copyOf(fields);
    }

    /** The first field of that name. */
    @Nullable
    public String first(String name) {
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                return field.value();
            }
        }
        return null;
    }

    /** The first field of that name; empty where there is none. */
    public String firstOrEmpty(String name) {
        String value = first(name);
        return value == null ? "" : value;
    }

    /** All fields of that name. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                values.add(field.value());
            }
        }
        return values;
    }

    /** The members of the comma-separated lists under that name, in lower case. */
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
