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

    private static final int BASE_BYTES = 1_000;

    private final Map<HistoryField, Long> values = new EnumMap<>(HistoryField.class);
    private Map<String, StepExtra> extras = Map.of();

    /** Creates a step without numbers. */
    HistoryStep() {}

    /** {@return a step with these numbers and no values in addition} */
    public static HistoryStep of(Map<HistoryField, Long> numbers) {
        HistoryStep step = new HistoryStep();
        step.values.putAll(numbers);
        return step;
    }

    /** Sets the value of a field. */
    void set(HistoryField field, long value) {
        values.put(field, value);
    }

    /** Sets the values in addition to the 22 fields. */
    void setExtras(Map<String, StepExtra> merged) {
        extras = merged;
    }

    /** {@return the values in addition to the 22 fields, by name} */
    public Map<String, StepExtra> extras() {
        return extras;
    }

    /** {@return the estimated memory, bytes} */
    public int memoryBytes() {
        int bytes = BASE_BYTES;
        for (StepExtra extra : extras.values()) {
            bytes += extra.memoryBytes();
        }
        return bytes;
    }

    /** Returns the value of a field, or null if no node reports it. */
    public @Nullable Long get(HistoryField field) {
        return values.get(field);
    }
}
