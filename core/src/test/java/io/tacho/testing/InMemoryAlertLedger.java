// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.tacho.store.AlertLedger;
import io.tacho.store.LedgerAnswer;
import io.tacho.store.LedgerAnswer.Lease;
import io.tacho.store.LedgerEdit;
import io.tacho.store.TransportException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** A ledger without a network, for any number of aggregators, on a clock that the test moves. */
public final class InMemoryAlertLedger {

    private final LongSupplier nanoTime;
    private final Duration lease;
    private final Map<String, String> entries = new HashMap<>();
    private long version;
    private Object holder;
    private long heldUntilNanos;
    private boolean away;

    public InMemoryAlertLedger(LongSupplier nanoTime, Duration lease) {
        this.nanoTime = nanoTime;
        this.lease = lease;
    }

    /** The ledger as one more aggregator sees it. */
    public AlertLedger member() {
        return new Member();
    }

    /** From now on nobody reaches it, or again. */
    public void away(boolean isAway) {
        away = isAway;
    }

    /** Forgets everything, as FLUSHALL does. */
    public void flush() {
        entries.clear();
        version = 0;
        holder = null;
    }

    public Map<String, String> entries() {
        return Map.copyOf(entries);
    }

    private final class Member implements AlertLedger {

        @Override
        public CompletionStage<LedgerAnswer> turn(long knownVersion, LedgerEdit edit) {
            if (away) {
                return CompletableFuture.failedFuture(new TransportException("away", null));
            }
            Lease mine = holder == null || nanoTime.getAsLong() - heldUntilNanos >= 0
                    ? Lease.TAKEN
                    : holder == this ? Lease.KEPT : Lease.ANOTHERS;
            if (mine != Lease.ANOTHERS) {
                holder = this;
                heldUntilNanos = nanoTime.getAsLong() + lease.toNanos();
            }
            boolean applied = mine == Lease.KEPT && !edit.isEmpty() && (edit.whole() || version == knownVersion);
            if (applied) {
                if (edit.whole()) {
                    entries.clear();
                }
                entries.keySet().removeAll(edit.removed());
                entries.putAll(edit.put());
                version = knownVersion + 1;
            }
            return answer(mine, applied, knownVersion);
        }

        @Override
        public CompletionStage<LedgerAnswer> read(long knownVersion) {
            if (away) {
                return CompletableFuture.failedFuture(new TransportException("away", null));
            }
            if (holder == this) {
                holder = null;
            }
            return answer(Lease.ANOTHERS, false, knownVersion);
        }

        private CompletionStage<LedgerAnswer> answer(Lease mine, boolean applied, long knownVersion) {
            boolean told = !applied && (mine == Lease.TAKEN || version != knownVersion);
            return CompletableFuture.completedFuture(new LedgerAnswer(mine, applied, version, told ? entries : null));
        }

        @Override
        public void close() {}
    }
}
