// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import io.tacho.model.NodeWindow;
import io.tacho.store.FoldBatch;
import io.tacho.store.FoldBatch.Numbered;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kept windows of one uid by their numbers, and up to which of them they are folded, as far as is known. A window's number
 * is the time of its end, or the next one where that is taken.
 *
 * <p>Thread safety: guarded by whoever has it.
 */
final class FoldSequence {

    /** So many windows are folded at a time: Redis does nothing else meanwhile. */
    static final int MAX_BATCH = 8;

    private record Kept(Numbered numbered, long sinceNanos) {

        long number() {
            return numbered.number();
        }
    }

    private final String uid;
    private final Deque<Kept> windows = new ArrayDeque<>();
    private long last;
    private long believed;
    private boolean known;

    FoldSequence(String uid) {
        this.uid = uid;
    }

    void add(NodeWindow window, long nowNanos) {
        windows.add(new Kept(numbered(window), nowNanos));
    }

    private Numbered numbered(NodeWindow window) {
        last = Math.max(Math.max(last, believed) + 1, window.window().endMillis());
        return new Numbered(last, window);
    }

    boolean isEmpty() {
        return windows.isEmpty();
    }

    /** Since when the oldest window has been kept. */
    long oldestNanos() {
        return windows.getFirst().sinceNanos();
    }

    /** Lets the oldest window go. */
    Numbered removeOldest() {
        return windows.removeFirst().numbered();
    }

    boolean isFolded(Numbered window) {
        return window.number() <= believed;
    }

    /** What is to be folded next; null if everything is. */
    @Nullable
    FoldBatch nextBatch(Duration history) {
        List<Numbered> due = windows.stream()
                .map(Kept::numbered)
                .filter(window -> !isFolded(window))
                .limit(MAX_BATCH)
                .toList();
        return due.isEmpty() ? null : new FoldBatch(uid, history, believed, due);
    }

    /** Takes in how far the windows of this uid are folded in truth. */
    void answered(long folded) {
        boolean ours = windows.stream().anyMatch(kept -> kept.number() == folded);
        if (!known && !ours && folded > 0) {
            // of another program that reported for this uid before; all that is kept here came after
            numberAfter(folded);
        }
        known |= ours;
        believed = folded;
    }

    private void numberAfter(long folded) {
        List<Kept> again = new ArrayList<>(windows);
        windows.clear();
        last = folded;
        again.forEach(kept -> windows.add(new Kept(numbered(kept.numbered().window()), kept.sinceNanos())));
    }
}
