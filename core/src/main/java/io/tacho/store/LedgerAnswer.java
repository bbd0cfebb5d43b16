// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How things stand in the {@link AlertLedger}.
 *
 * @param lease whose it is
 * @param applied whether our edit was
 * @param version of what stands there, our edit included; 0 where nothing does
 * @param entries all that stands there; null where it is what we know, our edit included
 */
public record LedgerAnswer(
        Lease lease,
        boolean applied,
        long version,
        @Nullable Map<String, String> entries) {

    /** Whose the lease is. */
    public enum Lease {
        /** Another's, or nobody's. */
        ANOTHERS,
        /** Ours since this turn. */
        TAKEN,
        /** Ours as before. */
        KEPT
    }

    public LedgerAnswer {
        entries = entries == null ? null : Map.copyOf(entries);
    }
}
