// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters of a query, read so that a wrong one is named, with what was found and what was expected. */
record QueryParameters(Map<String, List<String>> values) {

    private static final int MAX_SHOWN = 40;

    /** @throws IllegalArgumentException if there is one that is not known */
    void requireKnown(Set<String> known) {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("unknown parameter '" + shown(name) + "' (expected: "
                        + String.join(", ", known.stream().sorted().toList()) + ")");
            }
        }
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    @Nullable
    String single(String name) {
        List<String> given = all(name);
        if (given.size() > 1) {
            throw new IllegalArgumentException(name + ": given " + given.size() + " times (expected: once)");
        }
        return given.isEmpty() ? null : given.get(0);
    }

    int count(String name, int otherwise) {
        String given = single(name);
        if (given == null) {
            return otherwise;
        }
        if (given.length() > 9 || given.isEmpty() || !given.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(name + ": '" + shown(given) + "' (expected: a whole number, 0 or more)");
        }
        return Integer.parseInt(given);
    }

    static String shown(String value) {
        return value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "…";
    }
}
