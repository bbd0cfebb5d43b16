// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a node tells of itself beside the 22 fields. All of it is optional on the wire.
 *
 * @param host the machine or container the node runs on; null where the node does not tell
 * @param publishIntervalMillis how often the node beats, at most {@link SnapshotEnvelope#MAX_TTL_MILLIS}; 0 where the node
 *     does not tell
 * @param draining whether the node is about to leave and wants no new work
 * @param version the node's software version, at most 64 characters; null where the node does not tell
 * @param labels what its operator calls it: at most {@link #MAX_LABELS} names as Prometheus has them, with values of at most
 *     128 characters; ordered by name
 * @param quality how far fields can be trusted, by field name; those that are not named are exact
 */
public record NodeStatus(
        @Nullable String host,
        long publishIntervalMillis,
        boolean draining,
        @Nullable String version,
        Map<String, String> labels,
        Map<String, Quality> quality) {

    public static final int MAX_LABELS = 16;

    /** A node that tells nothing. */
    public static final NodeStatus UNKNOWN = new NodeStatus(null, 0, false);

    public static final int MAX_MARKS = 64;
    private static final int MAX_VERSION_LENGTH = 64;
    private static final int MAX_LABEL_LENGTH = 128;
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,62}");
    private static final Pattern FIELD = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public NodeStatus {
        if (host != null) {
            Checks.text("host", host);
        }
        Checks.between("publish_interval_ms", publishIntervalMillis, 0, SnapshotEnvelope.MAX_TTL_MILLIS);
        if (version != null) {
            Checks.text("version", version, MAX_VERSION_LENGTH);
        }
        Checks.between("number of labels", labels.size(), 0, MAX_LABELS);
        labels.forEach(NodeStatus::requireLabel);
        Checks.between("number of quality marks", quality.size(), 0, MAX_MARKS);
        quality.keySet().forEach(NodeStatus::requireMark);
        labels = ordered(labels);
        quality = ordered(quality);
    }

    /** A node without version, labels and marks. */
    public NodeStatus(@Nullable String host, long publishIntervalMillis, boolean draining) {
        this(host, publishIntervalMillis, draining, null, Map.of(), Map.of());
    }

    /**
     * Checks a label.
     *
     * @throws IllegalArgumentException if it can be none, naming what was found and what was expected
     */
    public static void requireLabel(String label, String value) {
        Checks.matches("label", label, LABEL);
        Checks.text("labels." + label, value, MAX_LABEL_LENGTH);
    }

    /**
     * Checks the name of a field that is marked.
     *
     * @throws IllegalArgumentException if no field can have it, naming what was found and what was expected
     */
    public static void requireMark(String field) {
        Checks.matches("quality", field, FIELD);
    }

    private static <V> Map<String, V> ordered(Map<String, V> map) {
        return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
    }
}
