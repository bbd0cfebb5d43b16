// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.model.SnapshotEnvelope;

/**
 * A node as the view knows it.
 *
 * @param envelope its last beat
 * @param entry the snapshot as an entry of the nodes array, UTF-8 JSON, encoded once; not to be changed
 * @param deadlineNanos when it is overdue, on the view's own monotonic clock
 */
public record LiveNode(SnapshotEnvelope envelope, byte[] entry, long deadlineNanos) {

    public String uid() {
        return envelope.uid();
    }

    public String name() {
        return envelope.snapshot().name();
    }

    LiveNode withDeadline(long nanos) {
        return new LiveNode(envelope, entry, nanos);
    }
}
