// SPDX-License-Identifier: Apache-2.0
package io.tacho.model.period;

import io.tacho.model.ClusterWindow;
import io.tacho.model.Field;
import io.tacho.model.Field.Kind;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The totals of the cluster over time. Nodes with different metrics intervals are in different windows, so the total at a time is
 * the sum of the windows of all intervals that contain it. It is constant between the starts and ends of windows.
 *
 * <p>Thread safety: confined to one thread.
 */
final class ClusterTimeline {

    /** Rates are per minute. */
    private static final long RATE_SECONDS = 60;

    private final SortedMap<Long, Long> secondsByNodes = new TreeMap<>();
    private final Map<Field, Peak> peaks = new EnumMap<>(Field.class);
    private long covered;

    ClusterTimeline(Collection<ClusterWindow> windows) {
        Map<Long, NavigableMap<Long, ClusterWindow>> byInterval = new HashMap<>();
        SortedSet<Long> changes = new TreeSet<>();
        for (ClusterWindow window : windows) {
            Period period = Period.of(window.slot());
            byInterval
                    .computeIfAbsent(period.lengthSeconds(), first -> new TreeMap<>())
                    .put(period.startSeconds(), window);
            changes.add(period.startSeconds());
            changes.add(period.endSeconds());
        }
        long from = 0;
        List<ClusterWindow> at = List.of();
        for (long to : changes) {
            add(at, from, to - from);
            from = to;
            long time = to;
            at = byInterval.values().stream()
                    .map(ofInterval -> ofInterval.floorEntry(time))
                    .filter(entry ->
                            entry != null && Period.of(entry.getValue().slot()).endSeconds() > time)
                    .map(Map.Entry::getValue)
                    .toList();
        }
    }

    private void add(List<ClusterWindow> at, long from, long seconds) {
        if (at.isEmpty()) {
            return;
        }
        covered += seconds;
        long nodes = at.stream().mapToLong(ClusterWindow::nodeWindows).sum();
        secondsByNodes.merge(nodes, seconds, Long::sum);
        for (Field field : Field.NUMBERS) {
            if (hasPeak(field)) {
                long total =
                        at.stream().mapToLong(window -> value(window, field)).sum();
                peaks.merge(field, new Peak(total, from), Peak::larger);
            }
        }
        addDistinct(Field.NUM_UNIQUE_CLIENTS, at, from, ClusterWindow::usersNodes, WindowDetail::users);
        addDistinct(Field.NUM_CHANNELS, at, from, ClusterWindow::channelsNodes, WindowDetail::channels);
    }

    /** Adds the number of distinct ids if all windows of nodes have a sketch. */
    private void addDistinct(
            Field field,
            List<ClusterWindow> at,
            long from,
            ToLongFunction<ClusterWindow> nodes,
            Function<WindowDetail, @Nullable Encoded<HyperLogLog>> sketch) {
        Encoded<HyperLogLog> union = at.stream().allMatch(window -> nodes.applyAsLong(window) >= window.nodeWindows())
                ? PeriodSummary.sketch(at, window -> sketch.apply(window.detail()))
                : null;
        if (union != null) {
            long estimate = union.decode().count().estimate();
            peaks.merge(field, new Peak(estimate, from), Peak::larger);
        }
    }

    private static boolean hasPeak(Field field) {
        return field.kind() == Kind.COUNTER || field == Field.NUM_CLIENTS;
    }

    private static long value(ClusterWindow window, Field field) {
        return field.kind() == Kind.COUNTER
                ? window.sums().number(field) * RATE_SECONDS / window.intervalSeconds()
                : window.gauges().number(field);
    }

    /** {@return the largest value of each field that has peaks; of counters the largest rate, per minute} */
    Map<Field, Peak> peaks() {
        return peaks;
    }

    /** {@return for how many seconds there was each number of nodes} */
    SortedMap<Long, Long> secondsByNodes() {
        return secondsByNodes;
    }

    /** {@return the seconds that windows cover} */
    long coveredSeconds() {
        return covered;
    }
}
