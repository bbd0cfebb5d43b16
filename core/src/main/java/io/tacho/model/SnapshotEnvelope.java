// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node's heartbeat: its snapshot, and what a follower needs to know to keep it.
 *
 * @param seq place among the messages of this uid, see {@link Envelope#seq()}
 * @param ttlMillis how long the entry lives without another beat
 * @param metricsIntervalSeconds length of the node's metrics interval
 * @param window the interval that the metrics cover; null before the first one is complete, or if the node does not
 *     report it
 * @param status what the node reports besides the 22 fields
 * @param snapshot the 22 fields
 * @param totals counters since the node's start; null if the node does not report them
 * @param detail what of the window can be merged with other nodes'
 */
public record SnapshotEnvelope(
        long seq,
        long ttlMillis,
        long metricsIntervalSeconds,
        @Nullable MetricsWindow window,
        NodeStatus status,
        NodeSnapshot snapshot,
        @Nullable NodeTotals totals,
        WindowDetail detail)
        implements Envelope {

    /** One day. */
    public static final long MAX_TTL_MILLIS = 86_400_000;

    /** One day. */
    public static final long MAX_INTERVAL_SECONDS = 86_400;

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public SnapshotEnvelope {
        Checks.between("seq", seq, 1, Checks.MAX_VALUE);
        Checks.between("ttl_ms", ttlMillis, 1, MAX_TTL_MILLIS);
        Checks.between("metrics_interval", metricsIntervalSeconds, 1, MAX_INTERVAL_SECONDS);
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(snapshot, "node");
        Objects.requireNonNull(detail, "detail");
    }

    /** Returns a builder of a beat that reports only a snapshot, once its numbers are set. */
    public static Builder builder(NodeSnapshot snapshot) {
        return new Builder(snapshot);
    }

    /** {@return the beat without histograms and sketches} */
    public SnapshotEnvelope withoutDetail() {
        return detail.equals(WindowDetail.NONE)
                ? this
                : new SnapshotEnvelope(
                        seq, ttlMillis, metricsIntervalSeconds, window, status, snapshot, totals, WindowDetail.NONE);
    }

    @Override
    public String uid() {
        return snapshot.uid();
    }

    /** Builds a beat; seq, TTL and metrics interval are required. */
    public static final class Builder {

        private final NodeSnapshot snapshot;
        private long seq;
        private long ttlMillis;
        private long metricsIntervalSeconds;
        private @Nullable MetricsWindow window;
        private NodeStatus status = NodeStatus.UNKNOWN;
        private @Nullable NodeTotals totals;
        private WindowDetail detail = WindowDetail.NONE;

        private Builder(NodeSnapshot snapshot) {
            this.snapshot = snapshot;
        }

        /** Sets the place among the messages of this uid. */
        public Builder seq(long number) {
            seq = number;
            return this;
        }

        /** Sets how long the entry lives without another beat. */
        public Builder ttlMillis(long millis) {
            ttlMillis = millis;
            return this;
        }

        /** Sets the length of the node's metrics interval. */
        public Builder metricsIntervalSeconds(long seconds) {
            metricsIntervalSeconds = seconds;
            return this;
        }

        /** Sets the interval that the metrics cover. */
        public Builder window(@Nullable MetricsWindow interval) {
            window = interval;
            return this;
        }

        /** Sets what the node reports besides the 22 fields. */
        public Builder status(NodeStatus reported) {
            status = reported;
            return this;
        }

        /** Sets the counters since the node's start. */
        public Builder totals(@Nullable NodeTotals counters) {
            totals = counters;
            return this;
        }

        /** Sets what of the window can be merged with that of other nodes. */
        public Builder detail(WindowDetail mergeable) {
            detail = mergeable;
            return this;
        }

        /**
         * Returns the beat.
         *
         * @throws IllegalArgumentException naming the field that is out of its bounds
         */
        public SnapshotEnvelope build() {
            return new SnapshotEnvelope(
                    seq, ttlMillis, metricsIntervalSeconds, window, status, snapshot, totals, detail);
        }
    }
}
