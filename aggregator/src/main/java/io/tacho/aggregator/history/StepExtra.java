// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.aggregator.cluster.Quantile;
import io.tacho.model.Extra;
import io.tacho.sketch.DurationHistogram;
import java.util.List;
import java.util.stream.Stream;

/**
 * An extra value of the cluster in one step.
 *
 * @param kind one of {@link Extra}
 * @param rule one of {@link Extra}
 * @param numbers in the order of {@link #columns()}
 */
public record StepExtra(String kind, String rule, List<Long> numbers) {

    private static final List<String> VALUE = List.of("value");
    private static final List<String> DURATIONS = Stream.concat(
                    Stream.concat(
                            Stream.of("count"), Stream.of(Quantile.values()).map(Quantile::label)),
                    Stream.of("max"))
            .toList();

    private static final int BYTES = 120;
    private static final int BYTES_OF_A_NUMBER = 24;

    /** Copies the numbers. */
    public StepExtra {
        numbers = List.copyOf(numbers);
    }

    /** {@return a number of the same kind and rule as a value} */
    static StepExtra of(Extra like, long value) {
        return new StepExtra(like.kind(), like.rule(), List.of(value));
    }

    /** {@return the number, quantiles and maximum of durations, nanoseconds} */
    static StepExtra of(Extra like, DurationHistogram durations) {
        Stream<Long> quantiles = Stream.of(Quantile.values()).map(quantile -> durations.quantile(quantile.share()));
        return new StepExtra(
                like.kind(),
                like.rule(),
                Stream.of(Stream.of(durations.count()), quantiles, Stream.of(durations.max()))
                        .flatMap(numbers -> numbers)
                        .toList());
    }

    /** {@return the names of the numbers: {@code value}, or of durations {@code count}, the quantiles and {@code max}} */
    public List<String> columns() {
        return rule.equals(Extra.HISTOGRAM) ? DURATIONS : VALUE;
    }

    /** {@return the estimated memory, bytes} */
    int memoryBytes() {
        return BYTES + BYTES_OF_A_NUMBER * numbers.size();
    }
}
