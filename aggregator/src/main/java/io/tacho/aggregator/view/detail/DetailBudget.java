// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view.detail;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the memory of the histograms, sketches and extra values of all nodes. When the limit is reached, the least needed detail is
 * dropped: first that of earlier windows and of nodes that are gone, then the histograms and sketches of the node whose last beat is
 * the oldest, so that of stale nodes before that of live ones, and extra values that are numbers only when no histogram is left. A
 * dropped detail is not retained anew by beats of the same window unless there is room: which nodes have detail then changes once per
 * window and not with every beat, and every new detail is available at least for a short time.
 *
 * <p>The detail that a newer window replaces, or of a node that is gone, remains for {@value #GRACE_SECONDS} s, because readers of
 * an earlier list of nodes may still need it.
 *
 * <p>All operations take constant time on average. Thread safety: guarded by the view's lock.
 */
public final class DetailBudget {

    private static final long GRACE_SECONDS = 2;
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(GRACE_SECONDS);

    private final long maxBytes;
    /** The detail of the nodes of the view, with histograms or sketches; the one whose node sent the oldest beat first. */
    private final DetailQueue current = new DetailQueue();
    /** The detail of the nodes of the view that consists of numbers. */
    private final DetailQueue numbers = new DetailQueue();
    /** The detail that was replaced, or whose node is gone, in this order. */
    private final DetailQueue retired = new DetailQueue();

    private int droppedNodes;
    private long drops;

    /** Creates a budget of which nothing is used. */
    public DetailBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Replaces the detail of a node's previous beat by that of its newer beat.
     *
     * @param known the detail of the previous beat; null if there was none
     * @param isSameWindow whether both beats are of the same window
     */
    public void replace(@Nullable NodeDetail known, NodeDetail detail, boolean isSameWindow, long nowNanos) {
        dropExpired(nowNanos);
        if (known == null) {
            add(detail, true);
        } else if (detail != known) {
            boolean repeatsDropped = known.isDropped() && isSameWindow;
            retainUntilExpired(known, nowNanos);
            add(detail, !repeatsDropped);
        } else if (dequeue(detail)) {
            enqueue(detail);
        }
    }

    /** Takes the detail of a node of the view out of its queue; returns whether it was in one. */
    private boolean dequeue(NodeDetail detail) {
        DetailQueue queue = detail.queue;
        if (queue == null || queue == retired) {
            return false;
        }
        queue.remove(detail);
        return true;
    }

    private void enqueue(NodeDetail detail) {
        if (detail.bytes() > 0) {
            (detail.hasHistograms() ? current : numbers).addLast(detail);
        }
    }

    private void add(NodeDetail detail, boolean makeRoom) {
        if (detail.queue != null) {
            // retired by a beat that was faster than the one that repeats it
            detail.queue.remove(detail);
        }
        if (detail.isDropped()) {
            droppedNodes++;
        } else if (!makeRoom && bytes() - retired.bytes() + detail.bytes() > maxBytes) {
            reduce(detail);
        }
        enqueue(detail);
        makeRoom();
    }

    private void reduce(NodeDetail detail) {
        if (!detail.isDropped()) {
            droppedNodes++;
        }
        detail.reduce();
    }

    /** Retires the detail of a node that is gone or has a newer one. */
    public void retainUntilExpired(NodeDetail detail, long nowNanos) {
        if (detail.isDropped()) {
            droppedNodes--;
        }
        if (dequeue(detail)) {
            detail.retiredNanos = nowNanos;
            retired.addLast(detail);
        }
    }

    private void makeRoom() {
        for (NodeDetail old = retired.first(); old != null && bytes() > maxBytes; old = retired.first()) {
            clear(old);
        }
        makeRoom(current);
        makeRoom(numbers);
    }

    private void makeRoom(DetailQueue queue) {
        for (NodeDetail oldest = queue.first(); oldest != null && bytes() > maxBytes; oldest = queue.first()) {
            queue.remove(oldest);
            reduce(oldest);
            enqueue(oldest);
            drops++;
        }
    }

    /** Drops the retired detail that no reader needs any more. */
    public void dropExpired(long nowNanos) {
        for (NodeDetail old = retired.first();
                old != null && nowNanos - old.retiredNanos > GRACE_NANOS;
                old = retired.first()) {
            clear(old);
        }
    }

    private void clear(NodeDetail old) {
        retired.remove(old);
        old.clear();
    }

    private long bytes() {
        return current.bytes() + numbers.bytes() + retired.bytes();
    }

    /** Returns how much memory is used and how much was dropped. */
    public DetailStatus status() {
        return new DetailStatus(bytes(), maxBytes, current.size(), droppedNodes, drops);
    }
}
