// SPDX-License-Identifier: Apache-2.0
package io.tacho.model.period;

import io.tacho.model.ClusterWindow;
import io.tacho.model.Field;
import io.tacho.model.TotalField;
import io.tacho.model.WindowGauges;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Summarizes windows of the cluster. The windows of a partition have sums, integrals, maxima, histograms and sketches of their own,
 * but peaks and numbers of nodes are those of all partitions together: of the total at one time.
 */
public final class WindowSummary {

    private WindowSummary() {}

    /** Returns what the windows of one partition contribute: everything but {@link #ofCluster}. */
    public static PeriodSummary ofPartition(Collection<ClusterWindow> windows) {
        SortedMap<String, BigInteger> numbers = new TreeMap<>();
        for (ClusterWindow window : windows) {
            long interval = window.intervalSeconds();
            add(numbers, SummaryNumbers.NODE_WINDOWS, window.nodeWindows(), 1);
            add(numbers, SummaryNumbers.BRIDGED, window.bridgedWindows(), 1);
            add(numbers, SummaryNumbers.NODE_SECONDS, window.nodeWindows(), interval);
            add(numbers, SummaryNumbers.USERS_NODES, window.usersNodes(), 1);
            add(numbers, SummaryNumbers.CHANNELS_NODES, window.channelsNodes(), 1);
            for (TotalField total : TotalField.ALL) {
                add(numbers, total.wireName(), total.of(window.sums()), 1);
            }
            for (Field gauge : WindowGauges.FIELDS) {
                add(numbers, SummaryNumbers.integral(gauge), window.gauges().number(gauge), interval);
            }
            add(numbers, Field.TIME_API_MAX.wireName(), window.timeApiMax(), 1);
            add(numbers, Field.TIME_CLIENT_MAX.wireName(), window.timeClientMax(), 1);
            add(numbers, SummaryNumbers.MAX_UNIQUE_CLIENTS, window.maxUniqueClients(), 1);
            add(numbers, SummaryNumbers.MAX_CHANNELS, window.maxChannels(), 1);
        }
        return new PeriodSummary(
                numbers,
                new TreeMap<>(),
                Map.of(),
                PeriodSummary.histogram(windows, window -> window.detail().timeApi()),
                PeriodSummary.histogram(windows, window -> window.detail().timeClient()),
                PeriodSummary.sketch(windows, window -> window.detail().users()),
                PeriodSummary.sketch(windows, window -> window.detail().channels()));
    }

    private static void add(SortedMap<String, BigInteger> numbers, String name, long value, long weight) {
        numbers.merge(name, BigInteger.valueOf(value).multiply(BigInteger.valueOf(weight)), SummaryNumbers.rule(name));
    }

    /** Returns the peaks, the numbers of nodes and the covered time of windows with the nodes of all partitions. */
    public static PeriodSummary ofCluster(Collection<ClusterWindow> windows) {
        ClusterTimeline timeline = new ClusterTimeline(windows);
        SortedMap<String, BigInteger> numbers = new TreeMap<>();
        add(numbers, SummaryNumbers.SECONDS, timeline.coveredSeconds(), 1);
        return new PeriodSummary(numbers, timeline.secondsByNodes(), timeline.peaks(), null, null, null, null);
    }
}
