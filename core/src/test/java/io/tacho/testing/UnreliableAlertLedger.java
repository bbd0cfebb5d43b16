// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.tacho.store.AlertLedger;
import io.tacho.store.LedgerAnswer;
import io.tacho.store.LedgerEdit;
import io.tacho.store.TransportException;
import io.tacho.store.memory.InMemoryAlertLedger;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** An {@link InMemoryAlertLedger} on the test's clock that can be unreachable. */
public final class UnreliableAlertLedger {

    private final InMemoryAlertLedger ledger;
    private volatile boolean reachable = true;

    public UnreliableAlertLedger(LongSupplier nanoTime, Duration lease) {
        ledger = new InMemoryAlertLedger(nanoTime, lease);
    }

    /** The ledger for one more aggregator. */
    public AlertLedger member() {
        return new Member(ledger.member());
    }

    public void reachable(boolean isReachable) {
        reachable = isReachable;
    }

    public void flush() {
        ledger.clear();
    }

    public Map<String, String> entries() {
        return ledger.entries();
    }

    private final class Member implements AlertLedger {

        private final AlertLedger member;

        Member(AlertLedger member) {
            this.member = member;
        }

        @Override
        public CompletionStage<LedgerAnswer> turn(long knownVersion, LedgerEdit edit) {
            return whenReachable(() -> member.turn(knownVersion, edit));
        }

        @Override
        public CompletionStage<LedgerAnswer> read(long knownVersion) {
            return whenReachable(() -> member.read(knownVersion));
        }

        private CompletionStage<LedgerAnswer> whenReachable(Supplier<CompletionStage<LedgerAnswer>> call) {
            return reachable
                    ? call.get()
                    : CompletableFuture.failedFuture(new TransportException("not reachable", null));
        }

        @Override
        public void close() {
            member.close();
        }
    }
}
