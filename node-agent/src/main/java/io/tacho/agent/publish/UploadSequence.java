// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeTotals.ProcessTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.TotalField;
import io.tacho.store.ClusterClock;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowUpload;
import io.tacho.store.WindowUpload.Numbered;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The retained windows of one uid by their numbers, and the high-water mark as far as it is known. The number of a window is
 * the time of its end, or the next number if that is taken.
 *
 * <p>A mark that this node has not set, before any of its uploads was accepted, belongs to another program that reported for
 * this uid before. All windows retained here are later, so they get numbers above that mark. If the node's process was the same
 * then, the first of them counts everything since the last upload of that program, also what happened while none was running:
 * the difference of the totals.
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
    private final String writer;
    private final ClusterClock clock;
    private final Deque<Retained> windows = new ArrayDeque<>();
    private long last;
    private long mark;
    private boolean known;

    UploadSequence(String uid, String writer, ClusterClock clock) {
        this.uid = uid;
        this.writer = writer;
        this.clock = clock;
    }

    void add(ClosedWindow closed, long nowNanos) {
        windows.add(new Retained(numbered(closed.window(), closed.totals(), false), nowNanos));
    }

    private Numbered numbered(NodeWindow window, @Nullable ProcessTotals totals, boolean bridged) {
        last = Math.max(Math.max(last, mark) + 1, window.window().endMillis());
        return new Numbered(last, window, totals, bridged);
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
                .filter(retained -> !isUploaded(retained.numbered()))
                .limit(MAX_BATCH)
                .map(this::inThePast)
                .toList();
        return due.isEmpty() ? null : new WindowUpload(uid, writer, history, mark, due);
    }

    /** Returns the window; at its time by the store's clock if it ended before that was known and is in the future. */
    private Numbered inThePast(Retained retained) {
        Numbered numbered = retained.numbered();
        MetricsWindow time = numbered.window().window();
        long ahead = clock.aheadMillis(time.endMillis(), retained.sinceNanos());
        return ahead == 0
                ? numbered
                : new Numbered(
                        numbered.number(),
                        numbered.window()
                                .withWindow(new MetricsWindow(time.startMillis() - ahead, time.endMillis() - ahead)),
                        numbered.totals(),
                        numbered.isBridged());
    }

    /**
     * Adopts the high-water mark that the store returned.
     *
     * @return whether the store has lost windows that it had accepted from this node
     */
    boolean confirm(UploadResult result) {
        long newMark = result.highWaterMark();
        boolean lost = known && newMark < mark;
        boolean ours = windows.stream().anyMatch(retained -> retained.number() == newMark);
        if (!known && !ours && newMark > 0) {
            numberAfter(newMark, result.totals());
        }
        known |= ours;
        mark = newMark;
        return lost;
    }

    /** Uploads all windows again, unless the store responds that it still has them. */
    void verify() {
        if (known) {
            mark = 0;
        }
    }

    private void numberAfter(long newMark, @Nullable ProcessTotals uploaded) {
        List<Retained> again = new ArrayList<>(windows);
        windows.clear();
        last = newMark;
        for (Retained retained : again) {
            Numbered window = retained.numbered();
            Numbered bridged = windows.isEmpty() && uploaded != null ? bridged(window, uploaded) : window;
            windows.add(new Retained(
                    numbered(bridged.window(), bridged.totals(), bridged.isBridged()), retained.sinceNanos()));
        }
    }

    /** Returns the window with everything that was counted since then, if the process is the same. */
    private static Numbered bridged(Numbered window, ProcessTotals uploaded) {
        ProcessTotals totals = window.totals();
        Optional<NodeTotals> since = totals == null ? Optional.empty() : totals.since(uploaded);
        if (since.isEmpty()) {
            return window;
        }
        NodeTotals counts = since.get();
        boolean more = TotalField.ALL.stream()
                .anyMatch(total -> !total.isDuration()
                        && total.of(counts) > total.of(window.window().sums()));
        return new Numbered(window.number(), window.window().withSums(counts), totals, more || window.isBridged());
    }
}
