// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import java.util.List;

/**
 * How far a reader of the history has read. It is for the transport to make and to understand.
 *
 * @param millis for each partition the time on its server's clock
 */
public record HistoryMark(List<Long> millis) {

    /** Nothing is read yet. */
    public static final HistoryMark START = new HistoryMark(List.of());

    public HistoryMark {
        millis = List.copyOf(millis);
    }
}
