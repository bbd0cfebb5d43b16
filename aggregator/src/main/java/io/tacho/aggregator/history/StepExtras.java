// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.model.ClusterWindow;
import io.tacho.model.Extra;
import io.tacho.model.NodeSnapshot;
import io.tacho.sketch.DurationHistogram;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Merges the extra values of several windows of the cluster into those of a step, each by its rule. Gauges that are added up over
 * nodes are means over time. If windows disagree about the kind or rule of a name, those that agree with the last one count.
 *
 * <p>Thread safety: confined to one thread.
 */
final class StepExtras {

    private final List<ClusterWindow> windows;
    private final Map<Long, Integer> startsByInterval;

    private StepExtras(List<ClusterWindow> windows, Map<Long, Integer> startsByInterval) {
        this.windows = windows;
        this.startsByInterval = startsByInterval;
    }

    /**
     * Returns the merged values, ordered by name.
     *
     * @param windows ordered by their start
     * @param startsByInterval the number of window starts of each interval
     */
    static Map<String, StepExtra> merge(List<ClusterWindow> windows, Map<Long, Integer> startsByInterval) {
        return new StepExtras(windows, startsByInterval).merged();
    }

    private Map<String, StepExtra> merged() {
        Map<String, Extra> last = new TreeMap<>();
        windows.forEach(window -> last.putAll(window.extras().byName()));
        Map<String, StepExtra> merged = new TreeMap<>();
        last.forEach((name, like) -> {
            StepExtra extra = merge(name, like);
            if (extra != null) {
                merged.put(name, extra);
            }
        });
        return merged;
    }

    private @Nullable StepExtra merge(String name, Extra like) {
        return switch (like.rule()) {
            case Extra.SUM -> StepExtra.of(like, like.kind().equals(Extra.GAUGE) ? mean(name, like) : sum(name, like));
            case Extra.MAX -> StepExtra.of(like, max(name, like));
            case Extra.HISTOGRAM -> durations(name, like);
            default -> StepExtra.of(like, like.value());
        };
    }

    /** {@return the value of a window; null if it has none, or one of another kind or rule} */
    private static @Nullable Extra of(ClusterWindow window, String name, Extra like) {
        Extra extra = window.extras().byName().get(name);
        return extra != null && extra.isSameAs(like) ? extra : null;
    }

    private long sum(String name, Extra like) {
        long sum = 0;
        for (ClusterWindow window : windows) {
            Extra extra = of(window, name, like);
            sum = Math.min(NodeSnapshot.MAX_VALUE, sum + (extra == null ? 0 : extra.value()));
        }
        return sum;
    }

    private long max(String name, Extra like) {
        long max = 0;
        for (ClusterWindow window : windows) {
            Extra extra = of(window, name, like);
            max = Math.max(max, extra == null ? 0 : extra.value());
        }
        return max;
    }

    private long mean(String name, Extra like) {
        double held = 0;
        for (ClusterWindow window : windows) {
            Extra extra = of(window, name, like);
            if (extra != null) {
                held += (double) extra.value() / startsByInterval.getOrDefault(window.intervalSeconds(), 1);
            }
        }
        return Math.min(NodeSnapshot.MAX_VALUE, Math.round(held));
    }

    private @Nullable StepExtra durations(String name, Extra like) {
        DurationHistogram.Merger merger = new DurationHistogram.Merger();
        for (ClusterWindow window : windows) {
            Extra extra = of(window, name, like);
            if (extra != null && extra.durations() != null) {
                extra.durations().decodeIfReadable().ifPresent(merger::add);
            }
        }
        DurationHistogram merged = merger.merged();
        return merged.count() == 0 ? null : StepExtra.of(like, merged);
    }
}
