// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import io.tacho.model.NodeWindow;
import io.tacho.store.WindowUpload;
import io.tacho.store.WindowUpload.Numbered;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The retained windows of one uid by their numbers, and the high-water mark as far as it is known. The number of a window is
 * the time of its end, or the next number if that is taken.
 *
 * <p>A mark that this node has not set, before any of its uploads was accepted, belongs to another program that reported for
 * this uid before. All windows retained here are later, so they get numbers above that mark.
 *
 * <p>Thread safety: none; the owner guards it.
 */
final class UploadSequence {

    /** Windows per upload: Redis does nothing else meanwhile. */
    static final int MAX_BATCH = 8;

    private record Retained(Numbered numbered, long sinceNanos) {

        long number() {
            return numbered.number();
        }
    }

    private final String uid;
    private final Deque<Retained> windows = new ArrayDeque<>();
    private long last;
    private long mark;
    private boolean known;

    UploadSequence(String uid) {
        this.uid = uid;
    }

    void add(NodeWindow window, long nowNanos) {
        windows.add(new Retained(numbered(window), nowNanos));
    }

    private Numbered numbered(NodeWindow window) {
        last = Math.max(Math.max(last, mark) + 1, window.window().endMillis());
        return new Numbered(last, window);
    }

    boolean isEmpty() {
        return windows.isEmpty();
    }

    /** Returns the time since when the oldest window has been retained. */
    long oldestNanos() {
        return windows.getFirst().sinceNanos();
    }

    /** Removes the oldest window. */
    Numbered removeOldest() {
        return windows.removeFirst().numbered();
    }

    boolean isUploaded(Numbered window) {
        return window.number() <= mark;
    }

    /** {@return the next upload; null if everything is uploaded} */
    @Nullable
    WindowUpload nextUpload(Duration history) {
        List<Numbered> due = windows.stream()
                .map(Retained::numbered)
                .filter(window -> !isUploaded(window))
                .limit(MAX_BATCH)
                .toList();
        return due.isEmpty() ? null : new WindowUpload(uid, history, mark, due);
    }

    /** Adopts the high-water mark that the store returned. */
    void confirm(long newMark) {
        boolean ours = windows.stream().anyMatch(retained -> retained.number() == newMark);
        if (!known && !ours && newMark > 0) {
            numberAfter(newMark);
        }
        known |= ours;
        mark = newMark;
    }

    private void numberAfter(long newMark) {
        List<Retained> again = new ArrayList<>(windows);
        windows.clear();
        last = newMark;
        again.forEach(retained ->
                windows.add(new Retained(numbered(retained.numbered().window()), retained.sinceNanos())));
    }
}
