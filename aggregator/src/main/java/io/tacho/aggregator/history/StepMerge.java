// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.model.ClusterWindow;
import io.tacho.model.MergeRules;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Merges several windows of the cluster into one step, each field by its merge rule. Windows of one interval are the same
 * nodes at different times, windows of different intervals are different nodes: gauges are means over the former and sums
 * over the latter.
 *
 * <p>Thread safety: confined to one thread.
 */
final class StepMerge {

    private static final Map<HistoryField, Double> API_QUANTILES = Map.of(
            HistoryField.TIME_API_P50, 0.5,
            HistoryField.TIME_API_P90, 0.9,
            HistoryField.TIME_API_P99, 0.99,
            HistoryField.TIME_API_P999, 0.999);

    private static final Map<HistoryField, Double> CLIENT_QUANTILES = Map.of(
            HistoryField.TIME_CLIENT_P50, 0.5,
            HistoryField.TIME_CLIENT_P90, 0.9,
            HistoryField.TIME_CLIENT_P99, 0.99,
            HistoryField.TIME_CLIENT_P999, 0.999);

    private final List<ClusterWindow> windows;
    /** The number of window starts of each interval. */
    private final Map<Long, Integer> startsByInterval = new HashMap<>();

    private StepMerge(List<ClusterWindow> windows) {
        this.windows = windows;
        Map<Long, Set<Long>> starts = new HashMap<>();
        windows.forEach(window -> starts.computeIfAbsent(window.intervalSeconds(), first -> new HashSet<>())
                .add(window.startMillis()));
        starts.forEach((interval, ofInterval) -> startsByInterval.put(interval, ofInterval.size()));
    }

    /** {@return the step that these windows make} */
    static HistoryStep of(List<ClusterWindow> windows) {
        return windows.isEmpty() ? HistoryStep.GAP : new StepMerge(windows).step();
    }

    private HistoryStep step() {
        HistoryStep step = new HistoryStep();
        step.set(HistoryField.SECONDS, seconds());
        step.set(HistoryField.NODES, held(ClusterWindow::nodeWindows));
        step.set(HistoryField.NUM_GOROUTINE, gauge(WindowGauges::numGoroutine));
        step.set(HistoryField.NUM_CLIENTS, gauge(WindowGauges::numClients));
        DistinctBounds.users(windows)
                .write(
                        step,
                        HistoryField.NUM_UNIQUE_CLIENTS_LOWER,
                        HistoryField.NUM_UNIQUE_CLIENTS,
                        HistoryField.NUM_UNIQUE_CLIENTS_UPPER);
        DistinctBounds.channels(windows)
                .write(
                        step,
                        HistoryField.NUM_CHANNELS_LOWER,
                        HistoryField.NUM_CHANNELS,
                        HistoryField.NUM_CHANNELS_UPPER);
        step.set(HistoryField.NUM_MSG_PUBLISHED, sum(NodeTotals::numMsgPublished));
        step.set(HistoryField.NUM_MSG_QUEUED, sum(NodeTotals::numMsgQueued));
        step.set(HistoryField.NUM_MSG_SENT, sum(NodeTotals::numMsgSent));
        step.set(HistoryField.NUM_API_REQUESTS, sum(NodeTotals::numApiRequests));
        step.set(HistoryField.NUM_CLIENT_REQUESTS, sum(NodeTotals::numClientRequests));
        step.set(HistoryField.BYTES_CLIENT_IN, sum(NodeTotals::bytesClientIn));
        step.set(HistoryField.BYTES_CLIENT_OUT, sum(NodeTotals::bytesClientOut));
        times(
                step,
                NodeTotals::numApiRequests,
                NodeTotals::timeApiSum,
                HistoryField.TIME_API_MEAN,
                ClusterWindow::timeApiMax,
                HistoryField.TIME_API_MAX,
                WindowDetail::timeApi,
                API_QUANTILES);
        times(
                step,
                NodeTotals::numClientRequests,
                NodeTotals::timeClientSum,
                HistoryField.TIME_CLIENT_MEAN,
                ClusterWindow::timeClientMax,
                HistoryField.TIME_CLIENT_MAX,
                WindowDetail::timeClient,
                CLIENT_QUANTILES);
        step.set(HistoryField.MEMORY_SYS, gauge(WindowGauges::memorySys));
        step.set(HistoryField.CPU_USAGE, gauge(WindowGauges::cpuUsage));
        return step;
    }

    /** {@return the seconds that the windows cover: those of the interval that covers most} */
    private long seconds() {
        return startsByInterval.entrySet().stream()
                .mapToLong(entry -> entry.getKey() * entry.getValue())
                .max()
                .orElse(0);
    }

    private long sum(ToLongFunction<NodeTotals> field) {
        return MergeRules.sum(windows, window -> field.applyAsLong(window.sums()));
    }

    private long gauge(ToLongFunction<WindowGauges> field) {
        return held(window -> field.applyAsLong(window.gauges()));
    }

    private long held(ToLongFunction<ClusterWindow> field) {
        double held = 0;
        for (ClusterWindow window : windows) {
            held += (double) field.applyAsLong(window) / startsByInterval.getOrDefault(window.intervalSeconds(), 1);
        }
        return Math.min(NodeSnapshot.MAX_VALUE, Math.round(held));
    }

    /** Sets the response times; a step without requests has none. */
    private void times(
            HistoryStep step,
            ToLongFunction<NodeTotals> requests,
            ToLongFunction<NodeTotals> nanos,
            HistoryField mean,
            ToLongFunction<ClusterWindow> longest,
            HistoryField max,
            Function<WindowDetail, @Nullable Encoded<DurationHistogram>> histogram,
            Map<HistoryField, Double> quantiles) {
        long count = sum(requests);
        long most = MergeRules.max(windows, longest);
        if (count > 0) {
            step.set(
                    mean,
                    MergeRules.mean(
                            windows,
                            window -> BigInteger.valueOf(nanos.applyAsLong(window.sums())),
                            window -> requests.applyAsLong(window.sums())));
        }
        if (count > 0 || most > 0) {
            step.set(max, most);
        }
        DurationHistogram all = histogram(histogram);
        if (all.count() > 0) {
            quantiles.forEach((field, share) -> step.set(field, all.quantile(share)));
        }
    }

    private DurationHistogram histogram(Function<WindowDetail, @Nullable Encoded<DurationHistogram>> value) {
        DurationHistogram.Merger merger = new DurationHistogram.Merger();
        for (ClusterWindow window : windows) {
            Encoded<DurationHistogram> encoded = value.apply(window.detail());
            if (encoded != null) {
                encoded.decodeIfReadable().ifPresent(merger::add);
            }
        }
        return merger.merged();
    }
}
