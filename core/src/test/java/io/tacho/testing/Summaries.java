// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.tacho.model.ClusterWindow;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowSlot;
import io.tacho.model.period.PeriodSummary;
import io.tacho.model.period.WindowSummary;
import io.tacho.sketch.HyperLogLog;
import java.util.List;
import java.util.stream.IntStream;

/** Summaries of periods to test with. */
public final class Summaries {

    private Summaries() {}

    /** A window of the cluster with that number of nodes, which have the numbers of {@link Windows#minute} each. */
    public static ClusterWindow window(WindowSlot slot, int nodes, long factor, long... durations) {
        NodeWindow node = Windows.minute(slot.startMillis(), factor * nodes, durations);
        return ClusterWindow.builder(slot)
                .nodeWindows(nodes)
                .sums(node.sums())
                .gauges(node.gauges())
                .longest(node.timeApiMax(), node.timeClientMax())
                .largestNode(node.gauges().numUniqueClients(), node.gauges().numChannels())
                .detail(node.detail())
                .build();
    }

    /** The summary of a minute with that number of nodes. */
    public static PeriodSummary minute(long startMillis, int nodes, long factor, long... durations) {
        List<ClusterWindow> windows = List.of(window(new WindowSlot(60, startMillis), nodes, factor, durations));
        return PeriodSummary.merge(List.of(WindowSummary.ofPartition(windows), WindowSummary.ofCluster(windows)));
    }

    /** The sketch of users with consecutive numbers. */
    public static HyperLogLog users(int from, int to) {
        return HyperLogLog.of(
                IntStream.range(from, to).mapToObj(user -> "user-" + user).toList());
    }
}
