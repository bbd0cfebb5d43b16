// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import java.util.concurrent.CompletionStage;

/**
 * What aggregators agree on about alerts: which one of them speaks, and what has been said. The one who speaks holds a lease
 * that ends by itself, so another takes over from one that dies; what is written is refused unless it comes from the holder and
 * is based on what stands there.
 *
 * <p>Thread safety: calls come one after the other.
 */
public interface AlertLedger extends AutoCloseable {

    /**
     * Takes the lease where nobody has it, or renews it where it is ours, and says what stands in the ledger if that is not what
     * we know.
     *
     * @param knownVersion the version of what we know; 0 for nothing
     * @param edit applied only if the lease was ours before; {@link LedgerEdit#NONE} for nothing
     * @return completed exceptionally with {@link TransportException} if that cannot be done now: then the lease may be
     *     anybody's
     */
    CompletionStage<LedgerAnswer> turn(long knownVersion, LedgerEdit edit);

    /** Says what stands in the ledger if that is not what we know, and gives the lease back if it is ours. */
    CompletionStage<LedgerAnswer> read(long knownVersion);

    /** Releases the connection, waiting for it a bounded time. Idempotent. */
    @Override
    void close();
}
