// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One measured quantity of the benchmark, and that of a peer which was measured in the same runs.
 *
 * @param name what was measured, unique among the results
 * @param unit of the values
 * @param better whether higher or lower values are better
 * @param values one for each run
 * @param peer the program that did the same work; null if there is none
 * @param peerValues those of the peer, in the unit of the values; empty if there is none
 */
@JsonPropertyOrder({"name", "unit", "better", "values", "peer", "peerValues", "median", "ratio"})
record Measurement(
        String name,
        String unit,
        Better better,
        List<Double> values,
        @Nullable String peer,
        List<Double> peerValues) {

    /** The spread of a measurement with one value, which has none of its own. */
    private static final double SPREAD_OF_ONE = 0.25;

    /** The direction in which values become better. */
    enum Better {
        HIGHER,
        LOWER;

        @JsonValue
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        static Better of(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT));
        }
    }

    /** @throws IllegalArgumentException if there is no value */
    Measurement {
        if (values.isEmpty()) {
            throw new IllegalArgumentException(name + ": no values (expected: at least one)");
        }
        values = List.copyOf(values);
        peerValues = List.copyOf(peerValues);
    }

    /** {@return a measurement without a peer} */
    static Measurement of(String name, String unit, Better better, double... values) {
        return new Measurement(name, unit, better, boxed(values), null, List.of());
    }

    /** {@return the same with the values of a peer} */
    Measurement beside(String name, double... others) {
        return new Measurement(this.name, unit, better, values, name, boxed(others));
    }

    /** {@return the median of the values} */
    @JsonProperty
    double median() {
        return median(values);
    }

    /** {@return the median divided by the peer's; null without a peer} */
    @JsonProperty
    @Nullable
    Double ratio() {
        OptionalDouble ratio = ratioToPeer();
        return ratio.isPresent() ? ratio.getAsDouble() : null;
    }

    @JsonIgnore
    OptionalDouble ratioToPeer() {
        double peers = peerValues.isEmpty() ? 0 : median(peerValues);
        return peers > 0 ? OptionalDouble.of(median() / peers) : OptionalDouble.empty();
    }

    /** {@return the range of the values, as a fraction of their median: of the ratios to the peer if there is one} */
    double spread() {
        boolean paired =
                peerValues.size() == values.size() && peerValues.stream().allMatch(value -> value > 0);
        List<Double> found = IntStream.range(0, values.size())
                .mapToObj(run -> paired ? values.get(run) / peerValues.get(run) : values.get(run))
                .toList();
        double median = median(found);
        return found.size() == 1 || median == 0
                ? SPREAD_OF_ONE
                : (Collections.max(found) - Collections.min(found)) / median;
    }

    static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static List<Double> boxed(double... values) {
        return Arrays.stream(values).boxed().toList();
    }
}
