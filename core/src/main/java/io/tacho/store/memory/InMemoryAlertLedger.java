// SPDX-License-Identifier: Apache-2.0
package io.tacho.store.memory;

import io.tacho.store.AlertLedger;
import io.tacho.store.LedgerAnswer;
import io.tacho.store.LedgerAnswer.Lease;
import io.tacho.store.LedgerEdit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An alert ledger within one process, shared by any number of aggregators. Its entries are bounded by what the holder of the
 * lease writes: one per rule and node.
 *
 * <p>Thread safety: safe; the ledger is its own lock.
 */
public final class InMemoryAlertLedger {

    private final LongSupplier nanoTime;
    private final Duration lease;
    private final Map<String, String> entries = new HashMap<>();
    private long version;
    private @Nullable AlertLedger holder;
    private long heldUntilNanos;

    /**
     * Creates an empty ledger.
     *
     * @param nanoTime monotonic clock in nanoseconds, for the lease
     * @param lease how long a lease lives without a renewal
     */
    public InMemoryAlertLedger(LongSupplier nanoTime, Duration lease) {
        this.nanoTime = nanoTime;
        this.lease = lease;
    }

    /** {@return the ledger for one more aggregator} */
    public AlertLedger member() {
        return new Member();
    }

    /** Removes all entries and the lease, as FLUSHALL does. */
    public synchronized void clear() {
        entries.clear();
        version = 0;
        holder = null;
    }

    /** {@return a copy of all entries} */
    public synchronized Map<String, String> entries() {
        return Map.copyOf(entries);
    }

    private synchronized LedgerAnswer renew(AlertLedger member, long knownVersion, LedgerEdit edit) {
        boolean free = holder == null || nanoTime.getAsLong() - heldUntilNanos >= 0;
        if (!free && holder != member) {
            return answer(Lease.ANOTHERS, false, knownVersion);
        }
        holder = member;
        heldUntilNanos = nanoTime.getAsLong() + lease.toNanos();
        boolean applied = !free && !edit.isEmpty() && (edit.whole() || version == knownVersion);
        if (applied) {
            if (edit.whole()) {
                entries.clear();
            }
            entries.keySet().removeAll(edit.removed());
            entries.putAll(edit.put());
            version = knownVersion + 1;
        }
        return answer(free ? Lease.TAKEN : Lease.KEPT, applied, knownVersion);
    }

    private synchronized LedgerAnswer release(AlertLedger member, long knownVersion) {
        if (holder == member) {
            holder = null;
        }
        return answer(Lease.ANOTHERS, false, knownVersion);
    }

    private LedgerAnswer answer(Lease mine, boolean applied, long knownVersion) {
        boolean unknown = !applied && (mine == Lease.TAKEN || version != knownVersion);
        return new LedgerAnswer(mine, applied, version, unknown ? entries : null);
    }

    private final class Member implements AlertLedger {

        @Override
        public CompletionStage<LedgerAnswer> turn(long knownVersion, LedgerEdit edit) {
            return CompletableFuture.completedFuture(renew(this, knownVersion, edit));
        }

        @Override
        public CompletionStage<LedgerAnswer> read(long knownVersion) {
            return CompletableFuture.completedFuture(release(this, knownVersion));
        }

        @Override
        public void close() {}
    }
}
