// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import io.tacho.text.PercentEncoding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The decoded parameters of a query in their order. All methods throw an {@link IllegalArgumentException} with the name of the
 * invalid parameter, the found and the expected value.
 */
public record QueryParameters(Map<String, List<String>> values) {

    private static final int MAX_PARAMETERS = 64;
    private static final int MAX_SHOWN = 40;

    /** Parses the part of a URL after the question mark. */
    public static QueryParameters parse(String raw) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        int count = 0;
        for (String pair : raw.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            if (++count > MAX_PARAMETERS) {
                throw new IllegalArgumentException("too many parameters (expected: at most " + MAX_PARAMETERS + ")");
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            values.computeIfAbsent(name, none -> new ArrayList<>(1)).add(value);
        }
        return new QueryParameters(values);
    }

    private static String decode(String encoded) {
        String decoded = PercentEncoding.decode(encoded, true);
        if (decoded == null) {
            throw new IllegalArgumentException("malformed query (expected: escapes of two hex digits, UTF-8)");
        }
        return decoded;
    }

    /** Rejects parameters other than these. */
    public void requireKnown(Set<String> known) {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("unknown parameter '" + shown(name) + "' (expected: "
                        + String.join(", ", known.stream().sorted().toList()) + ")");
            }
        }
    }

    /** Returns all values of that name. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** Returns the only value of that name; null if there is none. */
    public @Nullable String single(String name) {
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

    /** Returns a value as errors show it. */
    public static String shown(String value) {
        return value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "…";
    }
}
