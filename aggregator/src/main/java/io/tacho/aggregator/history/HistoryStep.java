// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of the cluster in one step of a time span. A step without a window has no numbers, which differs from zero.
 *
 * <p>Thread safety: immutable after it was filled.
 */
public final class HistoryStep {

    /** A step without a window. */
    public static final HistoryStep GAP = new HistoryStep();

    private final Map<HistoryField, Long> values = new EnumMap<>(HistoryField.class);

    /** Creates a step without numbers. */
    HistoryStep() {}

    /** Sets the value of a field. */
    void set(HistoryField field, long value) {
        values.put(field, value);
    }

    /** Returns the value of a field, or null if no node reports it. */
    public @Nullable Long get(HistoryField field) {
        return values.get(field);
    }
}
