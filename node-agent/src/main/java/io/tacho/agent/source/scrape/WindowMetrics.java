// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import io.tacho.agent.record.RecordedInterval;
import io.tacho.model.Field;
import io.tacho.model.Quality;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * The fields of a metrics interval, and the CPU used in it.
 *
 * @param cpuUsage percent; empty if the process does not report it
 * @param quality flags of the fields of the interval
 */
public record WindowMetrics(RecordedInterval recorded, OptionalDouble cpuUsage, Map<Field, Quality> quality) {

    private static final double NANOS = 1e9;

    /** Before the end of the first window: no field of the interval is available. */
    public static final WindowMetrics WARMING_UP = new WindowMetrics(
            RecordedInterval.EMPTY,
            OptionalDouble.empty(),
            Field.NUMBERS.stream()
                    .filter(Field::isOfWindow)
                    .collect(Collectors.toMap(field -> field, field -> Quality.UNAVAILABLE)));

    /** {@return nanoseconds, rounded} */
    public static long nanos(double seconds) {
        return Math.round(seconds * NANOS);
    }
}
