// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.aggregator.view.detail.NodeDetail;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.NodeStatus;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A node as the view knows it: its last beat, and the deadline of its next one. Times are on the view's own monotonic clock.
 *
 * @param envelope the last beat, without detail
 * @param heldDetail the detail of that beat
 * @param encoded the JSON of the 22 fields; null if it is not retained
 * @param ttlMillis how long the node stays in the store without a new beat
 * @param beatNanos when the last beat was published
 * @param deadlineNanos after this without a beat it is a suspect
 */
public record KnownNode(
        SnapshotEnvelope envelope,
        NodeDetail heldDetail,
        @Nullable NodeJson encoded,
        long ttlMillis,
        long beatNanos,
        long deadlineNanos) {

    private static final SnapshotCodec CODEC = new SnapshotCodec();
    private static final int BASE_BYTES = 800;
    private static final int FLAG_BYTES = 120;
    private static final int LABEL_BYTES = 160;

    /** {@return the 22 fields as a UTF-8 JSON object, as in {@code /stats}; shared, must not be modified} */
    public byte[] json() {
        return encoded == null ? CODEC.encodeNode(envelope.snapshot()) : encoded.of(envelope.snapshot());
    }

    /** Returns the histograms, sketches and extra values of the last window, without what was dropped for lack of memory. */
    public WindowDetail detail() {
        return heldDetail.value();
    }

    /** {@return the uid of the node} */
    public String uid() {
        return envelope.uid();
    }

    /** {@return the name of the node} */
    public String name() {
        return envelope.snapshot().name();
    }

    /** {@return the seq of the last beat} */
    public long seq() {
        return envelope.seq();
    }

    /**
     * Creates the node of a beat.
     *
     * @param known the node as it was; null if it was not known
     * @param encoded the JSON of the beat's snapshot
     * @param remainingMillis the rest of its life without another beat
     */
    static KnownNode of(
            SnapshotEnvelope beat,
            @Nullable KnownNode known,
            NodeJson encoded,
            long ttlMillis,
            long remainingMillis,
            long nowNanos) {
        long silentMillis = Math.max(0, ttlMillis - remainingMillis);
        return new KnownNode(
                beat.withoutDetail(),
                known != null && repeatsDetail(beat, known)
                        ? NodeDetail.repeated(beat.detail(), known.heldDetail())
                        : NodeDetail.of(beat.detail(), known == null ? null : known.heldDetail()),
                encoded,
                ttlMillis,
                nowNanos - TimeUnit.MILLISECONDS.toNanos(silentMillis),
                nowNanos + TimeUnit.MILLISECONDS.toNanos(remainingMillis));
    }

    /** {@return whether a beat of the known window leaves out its histograms and sketches} */
    private static boolean repeatsDetail(SnapshotEnvelope beat, KnownNode known) {
        return !beat.detail().isOfWindow()
                && Objects.equals(beat.window(), known.envelope().window());
    }

    /** {@return whether this beat, as read in the store, has the histograms and sketches that its message left out} */
    boolean isCompletedBy(long seq, WindowDetail stored) {
        return seq == seq() && stored.isOfWindow() && !detail().isOfWindow() && !heldDetail.isDropped();
    }

    /** {@return whether another beat of the node adds nothing to this one} */
    boolean isAsNewAs(KnownNode other) {
        return seq() >= other.seq() && !isCompletedBy(other.seq(), other.detail());
    }

    /** {@return whether the node is draining according to its last beat} */
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

    /** {@return what the membership changes retain of the node: neither its JSON nor its totals} */
    KnownNode withoutMetrics() {
        return new KnownNode(
                SnapshotEnvelope.builder(envelope.snapshot())
                        .seq(envelope.seq())
                        .ttlMillis(envelope.ttlMillis())
                        .metricsIntervalSeconds(envelope.metricsIntervalSeconds())
                        .window(envelope.window())
                        .status(envelope.status().withWriter(null))
                        .build(),
                heldDetail.bytes() > 0 ? heldDetail : NodeDetail.NONE,
                null,
                ttlMillis,
                beatNanos,
                deadlineNanos);
    }

    /** {@return the estimated memory of a node in the membership changes} */
    int bytesWithoutMetrics() {
        NodeStatus status = envelope.status();
        QualityFlags quality = status.quality();
        return BASE_BYTES
                + uid().length()
                + Character.BYTES
                        * (name().length()
                                + length(status.host())
                                + length(status.version())
                                + length(status.address()))
                + status.labels().entrySet().stream()
                        .mapToInt(label -> LABEL_BYTES
                                + Character.BYTES
                                        * (label.getKey().length()
                                                + label.getValue().length()))
                        .sum()
                + FLAG_BYTES * (quality.known().size() + quality.unknown().size());
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /** Returns the node as if it had just sent a beat. */
    KnownNode withBeatAt(long nowNanos, long newDeadlineNanos) {
        return new KnownNode(envelope, heldDetail, encoded, ttlMillis, nowNanos, newDeadlineNanos);
    }

    /** Returns the node with another deadline for its next beat. */
    KnownNode withDeadline(long newDeadlineNanos) {
        return new KnownNode(envelope, heldDetail, encoded, ttlMillis, beatNanos, newDeadlineNanos);
    }

    /** {@return whether the last beats of both are of the same window} */
    boolean isOfSameWindow(KnownNode other) {
        return envelope.window() != null
                && envelope.window().equals(other.envelope().window());
    }
}
