// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.model.WindowDetail;
import org.jspecify.annotations.Nullable;

/**
 * The histograms and sketches of a node's window for as long as the {@link DetailBudget} retains them, and its extra values. It is
 * shared by all beats that repeat them, and by all who know the node: when it is dropped, its memory is free.
 *
 * <p>Thread safety: the value may be read by any thread; everything else is guarded by the view's lock.
 */
public final class NodeDetail {

    /** The detail of a node that publishes none. */
    static final NodeDetail NONE = new NodeDetail(WindowDetail.NONE);

    /** The estimated memory of the objects around the serialized forms. */
    private static final int OVERHEAD_BYTES = 256;

    private volatile WindowDetail value;
    private final int bytes;
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
        int size = value.size();
        bytes = size == 0 ? 0 : size + OVERHEAD_BYTES;
    }

    /** {@return the detail of a beat: the known one if the beat repeats it, so that it is not retained twice} */
    static NodeDetail of(WindowDetail detail, @Nullable KnownNode known) {
        if (detail.equals(WindowDetail.NONE)) {
            return NONE;
        }
        return known != null && known.heldDetail().value.equals(detail) ? known.heldDetail() : new NodeDetail(detail);
    }

    /** {@return the histograms and sketches, unless the node publishes none or they were dropped, and the extra values} */
    WindowDetail value() {
        return value;
    }

    /** {@return the estimated memory; 0 for a node that publishes none} */
    int bytes() {
        return bytes;
    }

    /** {@return whether the node ships detail that is not retained} */
    boolean isDropped() {
        return dropped;
    }

    /** Drops the histograms and sketches; the extra values remain. */
    void dropHistograms() {
        value = value.withoutHistograms();
        dropped = true;
    }

    /** Drops the histograms, sketches and extra values. */
    void dropWithExtras() {
        value = WindowDetail.NONE;
        dropped = true;
    }
}
