// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The status that a node reports besides the 22 fields. Every member is optional on the wire.
 *
 * @param host the machine or container on which the node runs; null if not reported
 * @param publishIntervalMillis the time between two beats, at most {@link SnapshotEnvelope#MAX_TTL_MILLIS}; 0 if not
 *     reported
 * @param draining whether the node is about to leave and accepts no new work
 * @param version the version of the node's software, at most 64 characters; null if not reported
 * @param labels the operator's labels: at most {@link #MAX_LABELS} names in Prometheus' syntax, with values of at most 128
 *     characters; ordered by name
 * @param quality the quality flags of the fields
 * @param writer the id of the agent process that publishes the beats; null if not reported
 * @param address where clients or scrapers reach the node, at most 256 characters: {@code host:port}, or a URL without user, query
 *     and fragment; null if not reported
 * @param capacity the number of clients that the node is meant to serve; 0 if not reported
 * @param command the id of the last command that the node has acknowledged, at most 64 characters; null for none
 */
public record NodeStatus(
        @Nullable String host,
        long publishIntervalMillis,
        boolean draining,
        @Nullable String version,
        Map<String, String> labels,
        QualityFlags quality,
        @Nullable String writer,
        @Nullable String address,
        long capacity,
        @Nullable String command) {

    public static final int MAX_LABELS = 16;

    /** A node that reports nothing. */
    public static final NodeStatus UNKNOWN = new NodeStatus(null, 0, false);

    private static final int MAX_COMMAND_LENGTH = 64;
    private static final int MAX_VERSION_LENGTH = 64;
    private static final int MAX_LABEL_LENGTH = 128;
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,62}");

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
        if (writer != null) {
            Checks.id("writer", writer, Envelope.Writer.MAX_ID_LENGTH);
        }
        if (address != null) {
            Checks.address(address);
        }
        Checks.count("capacity", capacity);
        if (command != null) {
            Checks.id("command", command, MAX_COMMAND_LENGTH);
        }
        labels = labels.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** Creates a node that reports neither its writer nor its address and capacity. */
    public NodeStatus(
            @Nullable String host,
            long publishIntervalMillis,
            boolean draining,
            @Nullable String version,
            Map<String, String> labels,
            QualityFlags quality) {
        this(host, publishIntervalMillis, draining, version, labels, quality, null, null, 0, null);
    }

    /** Creates a node without version, labels and quality flags. */
    public NodeStatus(@Nullable String host, long publishIntervalMillis, boolean draining) {
        this(host, publishIntervalMillis, draining, null, Map.of(), QualityFlags.NONE);
    }

    /** {@return this status, published by an agent process with that id} */
    public NodeStatus withWriter(@Nullable String id) {
        return new NodeStatus(
                host, publishIntervalMillis, draining, version, labels, quality, id, address, capacity, command);
    }

    /**
     * Returns this status with an address of the node.
     *
     * @throws IllegalArgumentException if it is neither {@code host:port} nor such a URL
     */
    public NodeStatus withAddress(@Nullable String reached) {
        return new NodeStatus(
                host, publishIntervalMillis, draining, version, labels, quality, writer, reached, capacity, command);
    }

    /**
     * Returns this status with the number of clients that the node is meant to serve; 0 for unknown.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public NodeStatus withCapacity(long clients) {
        return new NodeStatus(
                host, publishIntervalMillis, draining, version, labels, quality, writer, address, clients, command);
    }

    /** {@return this status, with the id of the last command that the node has acknowledged} */
    public NodeStatus withCommand(@Nullable String id) {
        return new NodeStatus(
                host, publishIntervalMillis, draining, version, labels, quality, writer, address, capacity, id);
    }

    /**
     * Checks a label.
     *
     * @throws IllegalArgumentException if the name or the value is invalid
     */
    public static void requireLabel(String label, String value) {
        Checks.matches("label", label, LABEL, "letters, digits and _, not a digit first, at most 63");
        Checks.text("labels." + label, value, MAX_LABEL_LENGTH);
    }
}
