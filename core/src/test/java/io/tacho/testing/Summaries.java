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

/** Test summaries of periods. */
public final class Summaries {

    private Summaries() {}

    /** Returns a cluster window of this number of nodes, each with the values of {@link Windows#minute}. */
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

    /** Returns the summary of a minute with this number of nodes. */
    public static PeriodSummary minute(long startMillis, int nodes, long factor, long... durations) {
        List<ClusterWindow> windows = List.of(window(new WindowSlot(60, startMillis), nodes, factor, durations));
        return PeriodSummary.merge(List.of(WindowSummary.ofPartition(windows), WindowSummary.ofCluster(windows)));
    }

    /** Returns the sketch of users with consecutive numbers. */
    public static HyperLogLog users(int from, int to) {
        return HyperLogLog.of(
                IntStream.range(from, to).mapToObj(user -> "user-" + user).toList());
    }
}
