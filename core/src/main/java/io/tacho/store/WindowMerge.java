// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.ClusterWindow;
import io.tacho.model.ClusterWindow.Spread;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Merges windows of nodes into those of the cluster. Merging some of them first and then the others has the same result, as long as
 * their order is kept. Counts stop at their largest value; a histogram or sketch that is unreadable is left out.
 */
public final class WindowMerge {

    private WindowMerge() {}

    /** {@return what a window of one node contributes to that of the cluster} */
    public static ClusterWindow ofNode(WindowUpload.Numbered numbered) {
        NodeWindow window = numbered.window();
        Encoded<HyperLogLog> users = readable(window.detail().users());
        Encoded<HyperLogLog> channels = readable(window.detail().channels());
        return ClusterWindow.builder(window.slot())
                .nodeWindows(1)
                .bridgedWindows(numbered.isBridged() ? 1 : 0)
                .sums(window.sums())
                .gauges(window.weightedGauges())
                .longest(window.timeApiMax(), window.timeClientMax())
                .largestNode(window.gauges().numUniqueClients(), window.gauges().numChannels())
                .detail(new WindowDetail(
                        used(window.detail().timeApi()), used(window.detail().timeClient()), users, channels))
                .unionNodes(users == null ? 0 : 1, channels == null ? 0 : 1)
                .extras(extras(window.weightedExtras()))
                .spreads(spreads(window))
                .build();
    }

    private static <T> @Nullable Encoded<T> readable(@Nullable Encoded<T> value) {
        return value == null || value.decodeIfReadable().isEmpty() ? null : value;
    }

    /** {@return the histogram; null if it is unreadable or nothing happened} */
    private static @Nullable Encoded<DurationHistogram> used(@Nullable Encoded<DurationHistogram> value) {
        return value == null
                ? null
                : value.decodeIfReadable()
                        .filter(histogram -> histogram.count() > 0)
                        .map(histogram -> value)
                        .orElse(null);
    }

    private static Extras.Merged extras(Extras ofNode) {
        Map<String, Extra> extras = new TreeMap<>(ofNode.byName());
        extras.values().removeIf(extra -> extra.durations() != null && used(extra.durations()) == null);
        return Extras.Merged.NONE.with(extras);
    }

    private static Map<Field, Spread> spreads(NodeWindow window) {
        Map<Field, Spread> spreads = new EnumMap<>(Field.class);
        for (Field field : ClusterWindow.BALANCED) {
            Spread spread = window.spread(field);
            if (!spread.equals(Spread.NONE)) {
                spreads.put(field, spread);
            }
        }
        return spreads;
    }

    /**
     * Returns the sum of windows of the same slot.
     *
     * @param windows at least one, ordered from the first upload to the last
     */
    public static ClusterWindow merge(List<ClusterWindow> windows) {
        if (windows.size() == 1) {
            return windows.get(0);
        }
        Extras.Merged extras = Extras.Merged.NONE;
        Map<Field, Spread> spreads = new EnumMap<>(Field.class);
        for (ClusterWindow window : windows) {
            extras = extras.with(window.extras().byName())
                    .withLeftOut(window.extras().leftOut());
            window.spreads().forEach((field, spread) -> spreads.merge(field, spread, Spread::merge));
        }
        return ClusterWindow.builder(windows.get(0).slot())
                .nodeWindows(count(windows, ClusterWindow::nodeWindows))
                .bridgedWindows(count(windows, ClusterWindow::bridgedWindows))
                .sums(NodeTotals.of(total -> total.isDuration()
                        ? sum(windows, window -> total.of(window.sums()))
                        : count(windows, window -> total.of(window.sums()))))
                .gauges(WindowGauges.of(
                        gauge -> count(windows, window -> window.gauges().number(gauge))))
                .longest(max(windows, ClusterWindow::timeApiMax), max(windows, ClusterWindow::timeClientMax))
                .largestNode(max(windows, ClusterWindow::maxUniqueClients), max(windows, ClusterWindow::maxChannels))
                .detail(new WindowDetail(
                        histogram(windows, window -> window.detail().timeApi()),
                        histogram(windows, window -> window.detail().timeClient()),
                        union(windows, window -> window.detail().users()),
                        union(windows, window -> window.detail().channels())))
                .unionNodes(count(windows, ClusterWindow::usersNodes), count(windows, ClusterWindow::channelsNodes))
                .extras(extras)
                .spreads(spreads)
                .build();
    }

    private static long count(List<ClusterWindow> windows, ToLongFunction<ClusterWindow> value) {
        return Math.min(sum(windows, value), NodeSnapshot.MAX_VALUE);
    }

    private static long sum(List<ClusterWindow> windows, ToLongFunction<ClusterWindow> value) {
        return windows.stream().mapToLong(value).reduce(0, (a, b) -> b > Long.MAX_VALUE - a ? Long.MAX_VALUE : a + b);
    }

    private static long max(List<ClusterWindow> windows, ToLongFunction<ClusterWindow> value) {
        return windows.stream().mapToLong(value).max().orElse(0);
    }

    private static @Nullable Encoded<DurationHistogram> histogram(
            List<ClusterWindow> windows, Function<ClusterWindow, @Nullable Encoded<DurationHistogram>> value) {
        List<DurationHistogram> histograms = decoded(windows, value);
        return histograms.isEmpty() ? null : DurationHistogram.merge(histograms).encoded();
    }

    private static @Nullable Encoded<HyperLogLog> union(
            List<ClusterWindow> windows, Function<ClusterWindow, @Nullable Encoded<HyperLogLog>> value) {
        List<HyperLogLog> sketches = decoded(windows, value);
        if (sketches.isEmpty()) {
            return null;
        }
        HyperLogLog.Builder union = new HyperLogLog.Builder();
        sketches.forEach(union::add);
        return union.build().encoded();
    }

    private static <T> List<T> decoded(
            List<ClusterWindow> windows, Function<ClusterWindow, @Nullable Encoded<T>> value) {
        List<T> decoded = new ArrayList<>();
        for (ClusterWindow window : windows) {
            Encoded<T> encoded = value.apply(window);
            if (encoded != null) {
                encoded.decodeIfReadable().ifPresent(decoded::add);
            }
        }
        return decoded;
    }
}
