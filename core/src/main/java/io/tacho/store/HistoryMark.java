// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import java.util.List;

/**
 * The position of a reader in the history; only the store creates and interprets it.
 *
 * @param millis for each partition the time on its server's clock
 */
public record HistoryMark(List<Long> millis) {

    /** The position before all windows. */
    public static final HistoryMark START = new HistoryMark(List.of());

    public HistoryMark {
        millis = List.copyOf(millis);
    }
}
