// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import static io.tacho.testing.Snapshots.histogram;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.cluster.DurationTotals.Durations;
import io.tacho.model.RequestKind;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HistogramBuckets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DurationTotalsTest {

    private final DurationTotals totals = new DurationTotals();

    private static Encoded<DurationHistogram> times(long... nanos) {
        long[] buckets = new long[HistogramBuckets.COUNT];
        for (long duration : nanos) {
            buckets[HistogramBuckets.indexOf(duration)]++;
        }
        return DurationHistogram.of(
                        buckets,
                        Arrays.stream(nanos).sum(),
                        Arrays.stream(nanos).max().orElse(0))
                .encoded();
    }

    private static WindowDetail window(@Nullable Encoded<DurationHistogram> api) {
        return new WindowDetail(api, null, null, null);
    }

    @Test
    void add_windowsOfSeveralNodes_areSummed() {
        totals.add(window(times(1_000_000, 2_000_000)));
        totals.add(window(times(1_000_000)));
        totals.add(new WindowDetail(null, times(7), null, null));

        Durations api = totals.of(RequestKind.API);
        assertThat(api.sumNanos()).isEqualTo(4_000_000);
        assertThat(Arrays.stream(api.buckets()).sum()).isEqualTo(3);
        assertThat(api.buckets()[HistogramBuckets.indexOf(1_000_000)]).isEqualTo(2);
        assertThat(totals.of(RequestKind.CLIENT).sumNanos()).isEqualTo(7);
    }

    private static WindowDetail largest(long count, long sumNanos) {
        long[] buckets = new long[HistogramBuckets.COUNT];
        buckets[HistogramBuckets.indexOf(1_000_000)] = count;
        return window(DurationHistogram.of(buckets, sumNanos, 1_000_000).encoded());
    }

    /** Prometheus takes a smaller counter as reset, and rejects a negative one. */
    @Test
    void add_beyondALong_countsAndSumStartAgainTogether() {
        for (int i = 0; i < 1_024; i++) {
            totals.add(largest(DurationHistogram.MAX_VALUE, 1));
        }
        assertThat(totals.of(RequestKind.API).sumNanos()).isEqualTo(1_024);

        totals.add(largest(DurationHistogram.MAX_VALUE, 1));

        assertThat(totals.of(RequestKind.API).sumNanos()).isEqualTo(1);
        assertThat(Arrays.stream(totals.of(RequestKind.API).buckets()).sum()).isEqualTo(DurationHistogram.MAX_VALUE);
    }

    @Test
    void add_sumBeyondALong_startsAgain() {
        for (int i = 0; i < 1_025; i++) {
            totals.add(largest(2, DurationHistogram.MAX_VALUE));
        }

        assertThat(totals.of(RequestKind.API).sumNanos()).isEqualTo(DurationHistogram.MAX_VALUE);
        assertThat(Arrays.stream(totals.of(RequestKind.API).buckets()).sum()).isEqualTo(2);
    }

    @Test
    void add_unreadableHistogram_isExcluded() {
        totals.add(window(histogram("x")));
        totals.add(window(null));

        assertThat(totals.of(RequestKind.API).buckets()).containsOnly(0);
    }

    @Test
    void of_afterFurtherAdds_isUnchanged() {
        Durations before = totals.of(RequestKind.API);
        totals.add(window(times(5)));

        assertThat(before.buckets()).containsOnly(0);
    }

    @Test
    void countsBetween_adjacentRanges_countEachDurationOnce() {
        totals.add(window(times(500, 2_000_000, 2_100_000, 90_000_000_000L)));

        assertThat(totals.of(RequestKind.API).countsBetween(new long[] {1_000, 1_000_000, 5_000_000}))
                .containsExactly(1, 0, 2, 1);
        assertThat(totals.of(RequestKind.API).countsBetween(new long[0])).containsExactly(4);
    }
}
