// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.aggregator.history.ClusterHistory.Kept;
import io.tacho.model.ClusterWindow;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Makes steps of the windows that are known. Steps begin at multiples of their length, so that every client gets the same ones,
 * and those that were made are kept until one of their windows changes.
 *
 * <p>Thread safety: confined to one thread at a time.
 */
public final class HistoryReader {

    /** Some 6 MB. */
    private static final int KEPT_STEPS = 6_000;

    private record Place(long firstSeconds, long lengthSeconds) {}

    /**
     * A step, and what it was made of: the number of windows and the last revision among them.
     */
    private record Made(int windows, long revision, HistoryStep step) {}

    private final ClusterHistory history;
    private final InstantSource clock;
    private final Map<Place, Made> made = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Made> eldest) {
            return size() > KEPT_STEPS;
        }
    };

    HistoryReader(ClusterHistory history, InstantSource clock) {
        this.history = history;
        this.clock = clock;
    }

    /** The steps in which the span lies. */
    public History read(HistorySpan span) {
        List<ClusterWindow> windows = complete(span.fromSeconds(), span.toSeconds()).stream()
                .map(Kept::window)
                .toList();
        long step = StepLength.of(span, windows);
        long first = span.fromSeconds() - span.fromSeconds() % step;
        int count = Math.toIntExact((span.toSeconds() - 1 - first) / step + 1);
        Map<Boolean, List<Kept>> fitting = complete(first, first + count * step).stream()
                .collect(Collectors.partitioningBy(kept -> kept.window().intervalSeconds() <= step));
        return new History(
                step,
                first,
                byInterval(fitting.getOrDefault(true, List.of())),
                byInterval(fitting.getOrDefault(false, List.of())),
                bridgedByInterval(fitting.getOrDefault(true, List.of())),
                steps(fitting.getOrDefault(true, List.of()), first, step, count));
    }

    /** {@return the windows that ended long enough ago for all nodes to have uploaded theirs} */
    private List<Kept> complete(long fromSeconds, long toSeconds) {
        long now = clock.millis();
        return history.between(TimeUnit.SECONDS.toMillis(fromSeconds), TimeUnit.SECONDS.toMillis(toSeconds)).stream()
                .filter(kept -> WindowTimes.completeMillis(kept.window()) <= now)
                .toList();
    }

    private static Map<Long, Long> byInterval(List<Kept> windows) {
        return windows.stream()
                .collect(Collectors.groupingBy(
                        kept -> kept.window().intervalSeconds(), TreeMap::new, Collectors.counting()));
    }

    private static Map<Long, Long> bridgedByInterval(List<Kept> windows) {
        return windows.stream()
                .filter(kept -> kept.window().bridgedWindows() > 0)
                .collect(Collectors.groupingBy(
                        kept -> kept.window().intervalSeconds(),
                        TreeMap::new,
                        Collectors.summingLong(kept -> kept.window().bridgedWindows())));
    }

    private List<HistoryStep> steps(List<Kept> windows, long first, long length, int count) {
        List<HistoryStep> steps = new ArrayList<>(count);
        int next = 0;
        for (int i = 0; i < count; i++) {
            long end = TimeUnit.SECONDS.toMillis(first + (i + 1) * length);
            int from = next;
            while (next < windows.size() && windows.get(next).window().startMillis() < end) {
                next++;
            }
            steps.add(step(new Place(first + i * length, length), windows.subList(from, next)));
        }
        return steps;
    }

    private HistoryStep step(Place place, List<Kept> windows) {
        if (windows.isEmpty()) {
            return HistoryStep.GAP;
        }
        long revision = windows.stream().mapToLong(Kept::revision).max().orElse(0);
        Made known = made.get(place);
        if (known != null && known.windows() == windows.size() && known.revision() == revision) {
            return known.step();
        }
        HistoryStep step = StepMerge.of(windows.stream().map(Kept::window).toList());
        made.put(place, new Made(windows.size(), revision, step));
        return step;
    }
}
