// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.model.SnapshotEnvelope;

/**
 * A node as the view knows it: its last beat, and the deadline of its next one. Times are on the view's own monotonic clock.
 *
 * @param envelope the last beat
 * @param entry the snapshot as an entry of the nodes array, UTF-8 JSON, encoded once; not to be changed
 * @param ttlMillis how long the node stays in the store without a new beat
 * @param beatNanos when the last beat was published
 * @param deadlineNanos after this without a beat it is a suspect
 */
public record KnownNode(SnapshotEnvelope envelope, byte[] entry, long ttlMillis, long beatNanos, long deadlineNanos) {

    public String uid() {
        return envelope.uid();
    }

    public String name() {
        return envelope.snapshot().name();
    }

    public long seq() {
        return envelope.seq();
    }

    /** {@return whether the node announced its departure} */
    public boolean isDraining() {
        return envelope.status().draining();
    }

    /** Returns the state of the node at a time of the view's clock. */
    public NodeState stateAt(long nowNanos) {
        if (nowNanos - deadlineNanos > 0) {
            return NodeState.STALE;
        }
        return isDraining() ? NodeState.DRAINING : NodeState.LIVE;
    }

    /** Returns the node as if it had just sent a beat. */
    KnownNode withRenewedDeadline(long nowNanos, long nanos) {
        return new KnownNode(envelope, entry, ttlMillis, nowNanos, nanos);
    }

    /** Returns the node with another deadline for its next beat. */
    KnownNode withDeadline(long nanos) {
        return new KnownNode(envelope, entry, ttlMillis, beatNanos, nanos);
    }
}
