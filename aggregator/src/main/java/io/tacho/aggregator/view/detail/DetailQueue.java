// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view.detail;

import org.jspecify.annotations.Nullable;

/**
 * The details of nodes in the order in which the {@link DetailBudget} drops them. They are linked to each other, so that adding,
 * removing and moving one takes constant time and no memory.
 *
 * <p>Thread safety: guarded by the view's lock.
 */
final class DetailQueue {

    private @Nullable NodeDetail first;
    private @Nullable NodeDetail last;
    private int size;
    private long bytes;

    void addLast(NodeDetail detail) {
        detail.queue = this;
        detail.previous = last;
        if (last == null) {
            first = detail;
        } else {
            last.next = detail;
        }
        last = detail;
        size++;
        bytes += detail.bytes();
    }

    /** Removes a detail that is in this queue. */
    void remove(NodeDetail detail) {
        NodeDetail previous = detail.previous;
        NodeDetail next = detail.next;
        if (previous == null) {
            first = next;
        } else {
            previous.next = next;
        }
        if (next == null) {
            last = previous;
        } else {
            next.previous = previous;
        }
        detail.queue = null;
        detail.previous = null;
        detail.next = null;
        size--;
        bytes -= detail.bytes();
    }

    @Nullable
    NodeDetail first() {
        return first;
    }

    int size() {
        return size;
    }

    long bytes() {
        return bytes;
    }
}
