// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.swarm;

import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HistogramBuckets;
import io.tacho.sketch.HyperLogLog;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Histograms and sketches of a size, valid and made up. There are {@value #VARIANTS} different ones, made in advance, which the
 * nodes ship in turn: a window of a node differs from its last one.
 *
 * <p>Thread safety: immutable.
 */
final class SimulatedDetail {

    /** The largest size, of full histograms and sketches. */
    static final int MAX_BYTES = 32 * 1_024;

    /** No histograms and sketches. */
    static final SimulatedDetail NONE = new SimulatedDetail(List.of(WindowDetail.NONE));

    private static final int VARIANTS = 16;
    private static final int PARTS = 4;
    /** The durations in a bucket: as many as make a full histogram about as large as the largest ones of real nodes. */
    private static final int COUNT = 20_000;

    private static final int MAX_IDS = 30_000;

    private final List<WindowDetail> variants;

    private SimulatedDetail(List<WindowDetail> variants) {
        this.variants = List.copyOf(variants);
    }

    /** {@return details of about that size, or the largest ones} */
    static SimulatedDetail ofSize(long bytes) {
        if (bytes == 0) {
            return NONE;
        }
        int part = (int) Math.min(bytes, MAX_BYTES) / PARTS;
        int buckets = sized(part, HistogramBuckets.COUNT, count -> histogram(0, count));
        int ids = sized(part, MAX_IDS, count -> sketch(0, count));
        List<WindowDetail> variants = new ArrayList<>();
        for (int i = 0; i < VARIANTS; i++) {
            variants.add(new WindowDetail(
                    histogram(i, buckets), histogram(i + 1, buckets), sketch(i, ids), sketch(i + 1, ids)));
        }
        return new SimulatedDetail(variants);
    }

    /** {@return the number up to the maximum whose value has at least that size; the maximum if none has} */
    private static int sized(int bytes, int max, IntFunction<Encoded<?>> made) {
        int low = 0;
        int high = max;
        while (high - low > 1) {
            int middle = (low + high) / 2;
            if (Encoded.size(made.apply(middle)) < bytes) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private static Encoded<DurationHistogram> histogram(int variant, int used) {
        long[] buckets = new long[HistogramBuckets.COUNT];
        int last = HistogramBuckets.OVERFLOW - 1;
        for (int i = Math.max(0, last + 1 - used); i <= last; i++) {
            buckets[i] = (long) COUNT + variant;
        }
        long longest = HistogramBuckets.lowest(last);
        return DurationHistogram.of(buckets, longest, longest).encoded();
    }

    /** Half of the ids are those of the next variant too. */
    private static Encoded<HyperLogLog> sketch(int variant, int ids) {
        int first = variant * ids / 2;
        return HyperLogLog.of(IntStream.range(first, first + ids)
                        .mapToObj(id -> "id-" + id)
                        .toList())
                .encoded();
    }

    /** {@return the detail of a node's window} */
    WindowDetail of(int place, long windowNumber) {
        return variants.get((int) Math.floorMod(place + windowNumber, (long) variants.size()));
    }
}
