// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.model.Envelope.Conflict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The uids that more than one agent publishes at present, at most {@value #MAX_UIDS}. A conflict is forgotten when no beat has been
 * rejected for a while.
 *
 * <p>Thread safety: safe.
 */
public final class WriterConflicts {

    private static final int MAX_UIDS = 1_000;

    /** A rejected agent tries again every second. */
    private static final long LASTS_NANOS = TimeUnit.SECONDS.toNanos(10);

    private record Reported(Conflict conflict, long nanos) {}

    private final LongSupplier nanoTime;
    private final Map<String, Reported> byUid = new LinkedHashMap<>();
    private long count;

    /** Creates a record without conflicts. */
    WriterConflicts(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Records a rejected beat; returns whether the conflict is new. */
    public synchronized boolean record(Conflict conflict) {
        count++;
        removeEnded();
        if (byUid.size() >= MAX_UIDS && !byUid.containsKey(conflict.uid())) {
            return false;
        }
        return byUid.put(conflict.uid(), new Reported(conflict, nanoTime.getAsLong())) == null;
    }

    /** {@return the current conflicts} */
    public synchronized List<Conflict> current() {
        removeEnded();
        return byUid.values().stream().map(Reported::conflict).toList();
    }

    /** {@return the number of rejected beats since the start} */
    public synchronized long rejectedBeats() {
        return count;
    }

    private void removeEnded() {
        long now = nanoTime.getAsLong();
        byUid.values().removeIf(reported -> now - reported.nanos() > LASTS_NANOS);
    }
}
