// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import io.tacho.model.Extras;
import io.tacho.model.NodeWindow;
import io.tacho.store.ClusterClock;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowUpload;
import io.tacho.store.WindowUpload.Numbered;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last windows of a node, bounded by number, size and age. Those that are uploaded stay too: a store that has lost its data
 * gets them again.
 *
 * <p>Thread safety: none; the owner guards it.
 */
final class RetainedWindows {

    static final int MAX_WINDOWS = 120;
    static final long MAX_BYTES = 4 * 1024 * 1024;

    /** Approximate size of a window without histograms, sketches and extra values. */
    private static final long BASE_BYTES = 400;

    private final Duration history;
    private final String writer;
    private final ClusterClock clock;

    /** One for each uid; more than one only if the source reports another node now. */
    private final Map<String, UploadSequence> sequences = new LinkedHashMap<>();

    private @Nullable String current;
    private int count;
    private long bytes;

    RetainedWindows(Duration history, String writer, ClusterClock clock) {
        this.history = history;
        this.writer = writer;
        this.clock = clock;
    }

    /**
     * Adds a window and removes old ones if necessary.
     *
     * @return the number of removed windows that had not been uploaded
     */
    int add(ClosedWindow closed, long nowNanos) {
        sequences
                .computeIfAbsent(closed.uid(), uid -> new UploadSequence(uid, writer, clock))
                .add(closed, nowNanos);
        current = closed.uid();
        count++;
        bytes += bytes(closed.window());
        int dropped = 0;
        while (count > MAX_WINDOWS || (count > 1 && bytes > MAX_BYTES) || isTooOld(nowNanos)) {
            dropped += removeOldest() ? 0 : 1;
        }
        sequences.values().removeIf(sequence -> sequence.isEmpty());
        return dropped;
    }

    /** Returns whether the store may have forgotten that the oldest window was uploaded. */
    private boolean isTooOld(long nowNanos) {
        return count > 1 && nowNanos - oldest().oldestNanos() > history.toNanos();
    }

    private UploadSequence oldest() {
        return sequences.values().stream()
                .filter(sequence -> !sequence.isEmpty())
                .findFirst()
                .orElseThrow();
    }

    private boolean removeOldest() {
        return remove(oldest());
    }

    /** Removes the oldest window of a sequence; returns whether it was uploaded. */
    private boolean remove(UploadSequence sequence) {
        Numbered removed = sequence.removeOldest();
        count--;
        bytes -= bytes(removed.window());
        return sequence.isUploaded(removed);
    }

    private static long bytes(NodeWindow window) {
        return BASE_BYTES
                + window.detail().withExtras(Extras.NONE).size()
                + window.detail().extras().memoryBytes();
    }

    /** {@return the next upload; null if everything is uploaded} */
    @Nullable
    WindowUpload nextUpload() {
        for (UploadSequence sequence : sequences.values()) {
            WindowUpload batch = sequence.nextUpload(history);
            if (batch != null) {
                return batch;
            }
        }
        return null;
    }

    /** Adopts the high-water mark that the store returned. A store that lost windows of a uid may lack those of the others too. */
    void confirm(String uid, UploadResult result) {
        UploadSequence sequence = sequences.get(uid);
        if (sequence != null && sequence.confirm(result)) {
            sequences.values().stream().filter(other -> other != sequence).forEach(UploadSequence::verify);
        }
    }

    /** Returns whether a uid is that of the last window. */
    boolean isCurrent(String uid) {
        return uid.equals(current);
    }

    /**
     * Removes all windows of a uid: another writer has counted the same time.
     *
     * @return the number of removed windows that had not been uploaded
     */
    int remove(String uid) {
        int dropped = 0;
        UploadSequence sequence = sequences.remove(uid);
        while (sequence != null && !sequence.isEmpty()) {
            dropped += remove(sequence) ? 0 : 1;
        }
        return dropped;
    }
}
