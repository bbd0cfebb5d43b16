// SPDX-License-Identifier: Apache-2.0
package io.tacho.store.alerts;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of the {@link AlertStore} after a call.
 *
 * @param lease the caller's relation to the lease
 * @param applied true if the caller's update was applied
 * @param version the stored version, including the caller's update; 0 if nothing is stored
 * @param entries all stored alerts by key; null if they are what the caller knows, including its update
 */
public record AlertStoreResponse(
        Lease lease,
        boolean applied,
        long version,
        @Nullable Map<String, String> entries) {

    /** The caller's relation to the lease. */
    public enum Lease {
        /** The caller does not hold the lease. */
        NOT_HELD,
        /** The caller holds the lease since this call. */
        ACQUIRED,
        /** The caller held the lease before and still holds it. */
        RENEWED
    }

    public AlertStoreResponse {
        entries = entries == null ? null : Map.copyOf(entries);
    }
}
