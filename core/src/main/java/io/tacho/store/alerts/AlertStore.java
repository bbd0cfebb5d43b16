// SPDX-License-Identifier: Apache-2.0
package io.tacho.store.alerts;

import io.tacho.store.TransportException;
import java.util.concurrent.CompletionStage;

/**
 * The alerts shared by all aggregators, and the lease of the one aggregator that may change them (the leader).
 *
 * <p>The lease expires unless it is renewed, so another aggregator becomes leader when one dies. A write is rejected unless the
 * writer holds the lease and knows the stored version.
 *
 * <p>Thread safety: callers serialize their calls.
 */
public interface AlertStore extends AutoCloseable {

    /**
     * Acquires the lease if it is free, or renews it if the caller holds it, and returns the stored alerts if the caller does not know
     * them.
     *
     * @param knownVersion the version that the caller knows; 0 for none
     * @param update applied only if the caller held the lease before this call; {@link AlertStoreUpdate#NONE} for no change
     * @return completed exceptionally with {@link TransportException} if the store is unreachable: the caller may have lost the
     *     lease
     */
    CompletionStage<AlertStoreResponse> renewLease(long knownVersion, AlertStoreUpdate update);

    /**
     * Changes entries without the lease, and whatever version is stored. The holder of the lease learns of it by the new version.
     *
     * @param update does not replace all
     * @return completed exceptionally with {@link TransportException} if the store is unreachable
     */
    CompletionStage<Void> edit(AlertStoreUpdate update);

    /** Releases the lease if the caller holds it, and returns the stored alerts if the caller does not know them. */
    CompletionStage<AlertStoreResponse> releaseLease(long knownVersion);

    /** Closes the connection, waiting a bounded time. Idempotent. */
    @Override
    void close();
}
