// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.model.SnapshotEnvelope;

/**
 * A node as the view knows it. Times are on the view's own monotonic clock.
 *
 * @param envelope its last beat
 * @param entry the snapshot as an entry of the nodes array, UTF-8 JSON, encoded once; not to be changed
 * @param ttlMillis how long it lives without a beat, as the store has it
 * @param beatNanos when it last beat
 * @param deadlineNanos when it is overdue
 */
public record LiveNode(SnapshotEnvelope envelope, byte[] entry, long ttlMillis, long beatNanos, long deadlineNanos) {

    public String uid() {
        return envelope.uid();
    }

    public String name() {
        return envelope.snapshot().name();
    }

    public long seq() {
        return envelope.seq();
    }

    /** Whether it said that it is about to leave. */
    public boolean isDraining() {
        return envelope.status().draining();
    }

    /** How it is at that moment of the view's clock. */
    public NodeState state(long nowNanos) {
        if (nowNanos - deadlineNanos > 0) {
            return NodeState.STALE;
        }
        return isDraining() ? NodeState.DRAINING : NodeState.LIVE;
    }

    /** As if it had just been heard of. */
    LiveNode excusedUntil(long nowNanos, long nanos) {
        return new LiveNode(envelope, entry, ttlMillis, nowNanos, nanos);
    }

    LiveNode withDeadline(long nanos) {
        return new LiveNode(envelope, entry, ttlMillis, beatNanos, nanos);
    }
}
