// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import org.jspecify.annotations.Nullable;

/**
 * What a node tells of itself beside the 22 fields. All of it is optional on the wire.
 *
 * @param host the machine or container the node runs on; null where the node does not tell
 * @param publishIntervalMillis how often the node beats, at most {@link SnapshotEnvelope#MAX_TTL_MILLIS}; 0 where the node
 *     does not tell
 * @param draining whether the node is about to leave and wants no new work
 */
public record NodeStatus(@Nullable String host, long publishIntervalMillis, boolean draining) {

    /** A node that tells nothing. */
    public static final NodeStatus UNKNOWN = new NodeStatus(null, 0, false);

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public NodeStatus {
        if (host != null) {
            Checks.text("host", host);
        }
        Checks.between("publish_interval_ms", publishIntervalMillis, 0, SnapshotEnvelope.MAX_TTL_MILLIS);
    }
}
