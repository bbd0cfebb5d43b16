// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import io.tacho.model.SnapshotEnvelope;
import io.tacho.text.Glob;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A filter of nodes in a query.
 *
 * @param uids one of these; empty for all
 * @param names one of these patterns; empty for all
 * @param labels all of these
 */
public record NodeFilter(Set<String> uids, List<Glob> names, Map<String, String> labels) {

    private static final int MAX_PATTERN = 255;

    /**
     * Returns the filter of a query.
     *
     * @throws IllegalArgumentException naming the invalid parameter, the found and the expected value
     */
    public static NodeFilter of(QueryParameters query) {
        List<Glob> names = new ArrayList<>();
        for (String pattern : query.all("name")) {
            if (pattern.isEmpty() || pattern.length() > MAX_PATTERN) {
                throw new IllegalArgumentException("name: " + pattern.length() + " characters (expected: 1 to "
                        + MAX_PATTERN + ", a name in which * is any text and ? any character)");
            }
            names.add(new Glob(pattern));
        }
        Map<String, String> labels = new LinkedHashMap<>();
        for (String label : query.all("label")) {
            int equals = label.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("label: '" + label + "' (expected: name=value)");
            }
            labels.put(label.substring(0, equals), label.substring(equals + 1));
        }
        return new NodeFilter(Set.copyOf(query.all("node")), names, labels);
    }

    /** {@return whether the node of a beat is in the query} */
    public boolean takes(SnapshotEnvelope beat) {
        return (uids.isEmpty() || uids.contains(beat.uid()))
                && (names.isEmpty()
                        || names.stream()
                                .anyMatch(name -> name.matches(beat.snapshot().name())))
                && labels.entrySet().stream()
                        .allMatch(label ->
                                label.getValue().equals(beat.status().labels().get(label.getKey())));
    }
}
