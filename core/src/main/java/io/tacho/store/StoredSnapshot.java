// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.SnapshotEnvelope;
import java.util.Objects;

/**
 * The entry of a node, as read from the store.
 *
 * @param envelope the node's last beat
 * @param remainingMillis the time after which the entry expires without another beat; what is above the largest TTL of the contract,
 *     which only another program can have set, counts as that
 */
public record StoredSnapshot(SnapshotEnvelope envelope, long remainingMillis) {

    public StoredSnapshot {
        Objects.requireNonNull(envelope, "envelope");
        if (remainingMillis < 0) {
            throw new IllegalArgumentException("remainingMillis: " + remainingMillis + " (expected: >= 0)");
        }
        remainingMillis = Math.min(remainingMillis, SnapshotEnvelope.MAX_TTL_MILLIS);
    }
}
