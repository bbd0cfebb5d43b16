// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view.detail;

import io.tacho.model.WindowDetail;
import org.jspecify.annotations.Nullable;

/**
 * The histograms, sketches and extra values of a node's window for as long as the {@link DetailBudget} retains them. It is
 * shared by all beats that repeat them, and by all who know the node: when it is dropped, its memory is free.
 *
 * <p>Thread safety: the value may be read by any thread; everything else is guarded by the view's lock.
 */
public final class NodeDetail {

    /** The detail of a node that publishes none. */
    public static final NodeDetail NONE = new NodeDetail(WindowDetail.NONE);

    /** The estimated memory of the objects around the values. */
    private static final int OVERHEAD_BYTES = 256;

    /** The estimated memory of an extra value without its name and its histogram. */
    private static final int EXTRA_BYTES = 104;

    private volatile WindowDetail value;
    private int bytes;
    private volatile boolean dropped;

    /** The queue that contains it, its neighbors there, and the time at which it was retired. */
    @Nullable
    DetailQueue queue;

    @Nullable
    NodeDetail previous;

    @Nullable
    NodeDetail next;

    long retiredNanos;

    private NodeDetail(WindowDetail value) {
        this.value = value;
        bytes = bytesOf(value);
    }

    private static int bytesOf(WindowDetail value) {
        if (value.equals(WindowDetail.NONE)) {
            return 0;
        }
        int bytes = OVERHEAD_BYTES + value.size();
        for (String name : value.extras().byName().keySet()) {
            bytes += EXTRA_BYTES + name.length();
        }
        return bytes;
    }

    /** {@return the detail of a beat: the known one if the beat repeats it, so that it is not retained twice} */
    public static NodeDetail of(WindowDetail detail, @Nullable NodeDetail known) {
        if (detail.equals(WindowDetail.NONE)) {
            return NONE;
        }
        return known != null && known.value.equals(detail) ? known : new NodeDetail(detail);
    }

    /** {@return the known detail with the extra values of a beat that leaves out the histograms and sketches} */
    public static NodeDetail repeated(WindowDetail detail, NodeDetail known) {
        boolean dropped = known.dropped;
        WindowDetail value = known.value;
        if (value.extras().equals(detail.extras())) {
            return known;
        }
        NodeDetail repeated = new NodeDetail(value.withExtras(detail.extras()));
        repeated.dropped = dropped;
        return repeated;
    }

    /** {@return what is retained of the detail that the node publishes} */
    public WindowDetail value() {
        return value;
    }

    /** {@return the estimated memory; 0 if nothing is retained} */
    public int bytes() {
        return bytes;
    }

    /** {@return whether histograms or sketches are retained} */
    boolean hasHistograms() {
        return value.size() > 0;
    }

    /** {@return whether the node ships detail that is not retained} */
    public boolean isDropped() {
        return dropped;
    }

    /** Drops the histograms and sketches; where there are none, the extra values. */
    void reduce() {
        drop(hasHistograms() ? value.withoutHistograms() : WindowDetail.NONE);
    }

    /** Drops everything. */
    void clear() {
        drop(WindowDetail.NONE);
    }

    private void drop(WindowDetail rest) {
        value = rest;
        bytes = bytesOf(rest);
        dropped = true;
    }
}
