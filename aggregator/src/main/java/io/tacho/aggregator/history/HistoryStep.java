// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of the cluster in one step of a history. Of a step without a window nothing is known, which is not zero.
 *
 * <p>Thread safety: immutable once it is made.
 */
public final class HistoryStep {

    /** A step of which there is no window. */
    public static final HistoryStep GAP = new HistoryStep();

    private final Map<HistoryField, Long> values = new EnumMap<>(HistoryField.class);

    HistoryStep() {}

    void set(HistoryField field, long value) {
        values.put(field, value);
    }

    /** The value of a field; null if no node reports it. */
    public @Nullable Long get(HistoryField field) {
        return values.get(field);
    }
}
