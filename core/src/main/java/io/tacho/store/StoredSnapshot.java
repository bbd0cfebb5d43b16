// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.SnapshotEnvelope;
import java.util.Objects;

/**
 * An entry as it stands in the transport's store.
 *
 * @param envelope the node's last beat
 * @param remainingMillis how long the entry lives from now on without another beat
 */
public record StoredSnapshot(SnapshotEnvelope envelope, long remainingMillis) {

    public StoredSnapshot {
        Objects.requireNonNull(envelope, "envelope");
        if (remainingMillis < 0) {
            throw new IllegalArgumentException("remainingMillis: " + remainingMillis + " (expected: >= 0)");
        }
    }
}
