// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Unit;
import io.tacho.aggregator.cluster.DurationTotals.Durations;
import io.tacho.model.RequestKind;
import io.tacho.sketch.ExponentialBuckets;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * The durations of the cluster's requests as a histogram: with the buckets of Prometheus' clients in the text formats, and in
 * addition with those of a native histogram in Protocol Buffers.
 */
final class DurationHistogramMetric {

    private static final double NANOS_PER_SECOND = 1e9;

    /** 100 µs to 60 s. */
    private static final long[] BOUNDS = LongStream.of(
                    100,
                    250,
                    500,
                    1_000,
                    2_500,
                    5_000,
                    10_000,
                    25_000,
                    50_000,
                    100_000,
                    250_000,
                    500_000,
                    1_000_000,
                    2_500_000,
                    5_000_000,
                    10_000_000,
                    30_000_000,
                    60_000_000)
            .map(micros -> micros * 1_000)
            .toArray();

    private static final double[] UPPER_BOUNDS = LongStream.concat(Arrays.stream(BOUNDS), LongStream.of(Long.MAX_VALUE))
            .mapToDouble(nanos -> nanos == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : nanos / NANOS_PER_SECOND)
            .toArray();

    private DurationHistogramMetric() {}

    static void write(Families families, RequestKind kind, Durations durations) {
        ExponentialBuckets exponential = durations.exponential();
        families.histogram(
                "tacho_cluster_" + kind.label() + "_request_duration",
                Unit.SECONDS,
                "Durations of " + kind.label()
                        + " requests in the windows that this aggregator saw complete, of all nodes"
                        + " that ship histograms.",
                new HistogramDataPointSnapshot(
                        ClassicHistogramBuckets.of(UPPER_BOUNDS, durations.countsBetween(BOUNDS)),
                        ExponentialBuckets.SCHEMA,
                        exponential.zeroCount(),
                        ExponentialBuckets.ZERO_THRESHOLD,
                        NativeHistogramBuckets.of(exponential.indexes(), exponential.counts()),
                        NativeHistogramBuckets.EMPTY,
                        durations.sumNanos() / NANOS_PER_SECOND,
                        Labels.EMPTY,
                        Exemplars.EMPTY,
                        0));
    }
}
