// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.aggregator.cluster.Quantile;
import io.tacho.model.ClusterWindow;
import io.tacho.model.Field;
import io.tacho.model.Field.Kind;
import io.tacho.model.Field.MergeRule;
import io.tacho.model.MergeRules;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.RequestKind;
import io.tacho.model.WindowGauges;
import io.tacho.model.period.WindowSummary;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Merges several windows of the cluster into one step, each field by its merge rule. Windows of one interval are the same
 * nodes at different times, windows of different intervals are different nodes: gauges are means over the former and sums
 * over the latter.
 *
 * <p>Thread safety: confined to one thread.
 */
final class StepMerger {

    private final List<ClusterWindow> windows;
    /** The number of window starts of each interval. */
    private final Map<Long, Integer> startsByInterval = new HashMap<>();

    private StepMerger(List<ClusterWindow> windows) {
        this.windows = windows;
        Map<Long, Set<Long>> starts = new HashMap<>();
        windows.forEach(window -> starts.computeIfAbsent(window.intervalSeconds(), first -> new HashSet<>())
                .add(window.startMillis()));
        starts.forEach((interval, ofInterval) -> startsByInterval.put(interval, ofInterval.size()));
    }

    /** {@return the step with the merged values of these windows} */
    static HistoryStep merge(List<ClusterWindow> windows) {
        return windows.isEmpty() ? HistoryStep.GAP : new StepMerger(windows).step();
    }

    private HistoryStep step() {
        HistoryStep step = new HistoryStep();
        step.set(HistoryField.SECONDS, seconds());
        step.set(HistoryField.NODES, held(ClusterWindow::nodeWindows));
        for (Field gauge : WindowGauges.FIELDS) {
            if (gauge.mergeRule() != MergeRule.UNION) {
                step.set(
                        HistoryField.valueOf(gauge.name()),
                        held(window -> window.gauges().number(gauge)));
            }
        }
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
        for (Field field : Field.NUMBERS) {
            if (field.kind() == Kind.COUNTER) {
                step.set(HistoryField.valueOf(field.name()), sum(field));
            }
        }
        times(step, RequestKind.API, ClusterWindow::timeApiMax);
        times(step, RequestKind.CLIENT, ClusterWindow::timeClientMax);
        WindowSummary.ofCluster(windows).peaks().forEach((field, peak) -> {
            HistoryField largest = HistoryField.peakOf(field);
            if (largest != null) {
                step.set(largest, Math.min(NodeSnapshot.MAX_VALUE, peak.value()));
                step.set(largest.time(), peak.atSeconds());
            }
        });
        ClusterWindow.BALANCED.forEach(
                field -> StepImbalance.of(windows, field).ifPresent(imbalance -> imbalance.write(step, field)));
        step.setExtras(StepExtras.merge(windows, startsByInterval));
        return step;
    }

    /** {@return the seconds that the windows cover: those of the interval that covers most} */
    private long seconds() {
        return startsByInterval.entrySet().stream()
                .mapToLong(entry -> entry.getKey() * entry.getValue())
                .max()
                .orElse(0);
    }

    private long sum(Field counter) {
        return MergeRules.sum(windows, window -> window.sums().number(counter));
    }

    private long held(ToLongFunction<ClusterWindow> field) {
        double held = 0;
        for (ClusterWindow window : windows) {
            held += (double) field.applyAsLong(window) / startsByInterval.getOrDefault(window.intervalSeconds(), 1);
        }
        return Math.min(NodeSnapshot.MAX_VALUE, Math.round(held));
    }

    /** Sets the response times; a step without requests has none. */
    private void times(HistoryStep step, RequestKind requests, ToLongFunction<ClusterWindow> longest) {
        long count = sum(requests.count());
        long most = MergeRules.max(windows, longest);
        if (count > 0) {
            step.set(
                    HistoryField.valueOf(requests.mean().name()),
                    MergeRules.mean(
                            windows,
                            window -> BigInteger.valueOf(window.sums().nanos(requests)),
                            window -> window.sums().number(requests.count())));
        }
        if (count > 0 || most > 0) {
            step.set(HistoryField.valueOf(requests.max().name()), most);
        }
        DurationHistogram all = histogram(requests);
        if (all.count() > 0) {
            for (Quantile quantile : Quantile.values()) {
                HistoryField field = HistoryField.valueOf("TIME_" + requests + "_" + quantile);
                step.set(field, all.quantile(quantile.share()));
            }
        }
    }

    private DurationHistogram histogram(RequestKind requests) {
        DurationHistogram.Merger merger = new DurationHistogram.Merger();
        for (ClusterWindow window : windows) {
            Encoded<DurationHistogram> encoded = window.detail().times(requests);
            if (encoded != null) {
                encoded.decodeIfReadable().ifPresent(merger::add);
            }
        }
        return merger.merged();
    }
}
