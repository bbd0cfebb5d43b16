// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import io.tacho.model.NodeWindow;
import io.tacho.sketch.Encoded;
import io.tacho.store.FoldBatch;
import io.tacho.store.FoldBatch.Numbered;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last windows of a node, bounded by number, size and age. Those that are folded stay too: a store that has lost its data
 * gets them again.
 *
 * <p>Thread safety: guarded by whoever has it.
 */
final class KeptWindows {

    static final int MAX_WINDOWS = 120;
    static final long MAX_BYTES = 1024 * 1024;

    /** Of a window without histograms, and what holds it. */
    private static final long BASE_BYTES = 400;

    private final Duration history;

    /** One for each uid; more than one only where the source tells of another node now. */
    private final Map<String, FoldSequence> sequences = new LinkedHashMap<>();

    private int count;
    private long bytes;

    KeptWindows(Duration history) {
        this.history = history;
    }

    /**
     * Keeps a window, and lets old ones go for it.
     *
     * @return how many were let go that had not been folded
     */
    int add(ClosedWindow closed, long nowNanos) {
        sequences.computeIfAbsent(closed.uid(), FoldSequence::new).add(closed.window(), nowNanos);
        count++;
        bytes += bytes(closed.window());
        int unfolded = 0;
        while (count > MAX_WINDOWS || (count > 1 && bytes > MAX_BYTES) || isTooOld(nowNanos)) {
            unfolded += removeOldest() ? 0 : 1;
        }
        sequences.values().removeIf(sequence -> sequence.isEmpty());
        return unfolded;
    }

    /** Of a window that is older than the history nobody remembers any more that it was folded. */
    private boolean isTooOld(long nowNanos) {
        return count > 1 && nowNanos - oldest().oldestNanos() > history.toNanos();
    }

    private FoldSequence oldest() {
        return sequences.values().stream()
                .filter(sequence -> !sequence.isEmpty())
                .findFirst()
                .orElseThrow();
    }

    private boolean removeOldest() {
        FoldSequence oldest = oldest();
        Numbered removed = oldest.removeOldest();
        count--;
        bytes -= bytes(removed.window());
        return oldest.isFolded(removed);
    }

    private static long bytes(NodeWindow window) {
        return BASE_BYTES + Encoded.size(window.timeApi()) + Encoded.size(window.timeClient());
    }

    /** What is to be folded next; null if everything is. */
    @Nullable
    FoldBatch nextBatch() {
        for (FoldSequence sequence : sequences.values()) {
            FoldBatch batch = sequence.nextBatch(history);
            if (batch != null) {
                return batch;
            }
        }
        return null;
    }

    /** Takes in how far the windows of this uid are folded in truth. */
    void answered(String uid, long folded) {
        FoldSequence sequence = sequences.get(uid);
        if (sequence != null) {
            sequence.answered(folded);
        }
    }
}
