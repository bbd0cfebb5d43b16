// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import io.tacho.text.PercentEncoding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The decoded parameters of a query in their order. */
public final class Query {

    static final Query EMPTY = new Query(Map.of());

    private static final int MAX_PARAMETERS = 64;

    private final Map<String, List<String>> parameters;

    private Query(Map<String, List<String>> parameters) {
        this.parameters = parameters;
    }

    /** @throws RequestRejectedException if an escape is malformed or there are too many parameters */
    static Query parse(String raw) {
        if (raw.isEmpty()) {
            return EMPTY;
        }
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        int count = 0;
        for (String pair : raw.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            if (++count > MAX_PARAMETERS) {
                throw new RequestRejectedException(
                        Status.BAD_REQUEST, "too many parameters (expected: at most " + MAX_PARAMETERS + ")");
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            parameters.computeIfAbsent(name, none -> new ArrayList<>(1)).add(value);
        }
        return new Query(parameters);
    }

    private static String decode(String encoded) {
        String decoded = PercentEncoding.decode(encoded, true);
        if (decoded == null) {
            throw new RequestRejectedException(
                    Status.BAD_REQUEST, "malformed query (expected: escapes of two hex digits, UTF-8)");
        }
        return decoded;
    }

    /** Returns all parameters with their values. */
    public Map<String, List<String>> values() {
        return parameters;
    }

    boolean isEmpty() {
        return parameters.isEmpty();
    }

    /** Returns the names of all parameters. */
    public Set<String> names() {
        return parameters.keySet();
    }

    /** Returns all values of that name. */
    public List<String> all(String name) {
        return parameters.getOrDefault(name, List.of());
    }

    /**
     * Returns the value of that name, or null.
     *
     * @throws RequestRejectedException if there is more than one
     */
    @Nullable
    public String single(String name) {
        List<String> values = all(name);
        if (values.size() > 1) {
            throw new RequestRejectedException(
                    Status.BAD_REQUEST, name + ": present " + values.size() + " times (expected: once)");
        }
        return values.isEmpty() ? null : values.get(0);
    }
}
