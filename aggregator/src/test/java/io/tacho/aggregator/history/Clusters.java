// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.model.ClusterWindow;
import io.tacho.model.Extras;
import io.tacho.model.NodeTotals;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.model.WindowSlot;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import io.tacho.testing.Windows;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Creates windows of the cluster for tests. */
final class Clusters {

    /** A past time that is a multiple of every interval in the tests. */
    static final long EPOCH = 1_795_392_000L;

    private Clusters() {}

    /** A window of the given number of nodes; every number is a multiple of the factor. */
    static ClusterWindow window(long interval, long startSeconds, long nodeWindows, long factor, WindowDetail detail) {
        boolean hasDetail = detail.users() != null;
        return new ClusterWindow(
                new WindowSlot(interval, 1_000 * startSeconds),
                nodeWindows,
                new NodeTotals(
                        factor,
                        2 * factor,
                        3 * factor,
                        4 * factor,
                        5 * factor,
                        6 * factor,
                        7 * factor,
                        8 * factor,
                        100 * factor),
                new WindowGauges(10 * factor, 11 * factor, 12 * factor, 13 * factor, 14 * factor, 15 * factor),
                16 * factor,
                17 * factor,
                4 * factor,
                5 * factor,
                detail,
                hasDetail ? nodeWindows : 0,
                hasDetail ? nodeWindows : 0,
                0,
                Extras.Merged.NONE,
                Map.of());
    }

    static ClusterWindow minute(int number, long factor) {
        return window(60, EPOCH + 60L * number, 3, factor, WindowDetail.NONE);
    }

    /** Returns a detail with requests of the given durations, and users and channels with the given numbers. */
    static WindowDetail detail(List<Long> durations, int fromId, int toId) {
        Encoded<DurationHistogram> times = Windows.histogram(
                        durations.stream().mapToLong(Long::longValue).toArray())
                .encoded();
        Encoded<HyperLogLog> ids = HyperLogLog.of(
                        IntStream.range(fromId, toId).mapToObj(id -> "id-" + id).toList())
                .encoded();
        return new WindowDetail(times, times, ids, ids);
    }
}
