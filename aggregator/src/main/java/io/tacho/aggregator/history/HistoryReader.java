// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.aggregator.history.WindowCache.CachedWindow;
import io.tacho.model.ClusterWindow;
import io.tacho.model.MergeRules;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Merges cached windows into the steps of a requested time span. Steps begin at multiples of their length, so that all clients get
 * the same steps, and a step is cached until one of its windows changes.
 *
 * <p>Thread safety: confined to one thread at a time.
 */
public final class HistoryReader {

    private static final int MAX_CACHED_STEPS = 6_000;
    private static final long MAX_CACHED_BYTES = 8 * 1024 * 1024;

    private record StepSpan(long firstSeconds, long lengthSeconds) {}

    /**
     * A step, with the number of its windows and the highest revision among them.
     */
    private record CachedStep(int windows, long revision, HistoryStep step) {}

    private final WindowCache cache;
    private final InstantSource clock;
    /** The least recently used first. */
    private final Map<StepSpan, CachedStep> cachedSteps = new LinkedHashMap<>(64, 0.75f, true);

    private long cachedBytes;

    HistoryReader(WindowCache cache, InstantSource clock) {
        this.cache = cache;
        this.clock = clock;
    }

    /** Returns the steps that cover the span. */
    public HistoryResult read(HistorySpan span) {
        List<ClusterWindow> windows = complete(span.fromSeconds(), span.toSeconds()).stream()
                .map(CachedWindow::window)
                .toList();
        long step = StepLength.of(span, windows);
        long first = span.fromSeconds() - span.fromSeconds() % step;
        int count = Math.toIntExact((span.toSeconds() - 1 - first) / step + 1);
        Map<Boolean, List<CachedWindow>> fitting = complete(first, first + count * step).stream()
                .collect(Collectors.partitioningBy(cached -> cached.window().intervalSeconds() <= step));
        return new HistoryResult(
                step,
                first,
                byInterval(fitting.getOrDefault(true, List.of())),
                byInterval(fitting.getOrDefault(false, List.of())),
                bridgedByInterval(fitting.getOrDefault(true, List.of())),
                extrasLeftOut(fitting.getOrDefault(true, List.of())),
                steps(fitting.getOrDefault(true, List.of()), first, step, count));
    }

    /** {@return the windows that ended so long ago that all nodes have uploaded theirs} */
    private List<CachedWindow> complete(long fromSeconds, long toSeconds) {
        long now = clock.millis();
        return cache.between(TimeUnit.SECONDS.toMillis(fromSeconds), TimeUnit.SECONDS.toMillis(toSeconds)).stream()
                .filter(cached -> WindowTimes.completeMillis(cached.window()) <= now)
                .toList();
    }

    private static Map<Long, Long> byInterval(List<CachedWindow> windows) {
        return windows.stream()
                .collect(Collectors.groupingBy(
                        cached -> cached.window().intervalSeconds(), TreeMap::new, Collectors.counting()));
    }

    private static Map<Long, Long> bridgedByInterval(List<CachedWindow> windows) {
        return windows.stream()
                .filter(cached -> cached.window().bridgedWindows() > 0)
                .collect(Collectors.groupingBy(
                        cached -> cached.window().intervalSeconds(),
                        TreeMap::new,
                        Collectors.summingLong(cached -> cached.window().bridgedWindows())));
    }

    private static long extrasLeftOut(List<CachedWindow> windows) {
        return MergeRules.sum(windows, cached -> cached.window().extras().leftOut());
    }

    private List<HistoryStep> steps(List<CachedWindow> windows, long first, long length, int count) {
        List<HistoryStep> steps = new ArrayList<>(count);
        int next = 0;
        for (int i = 0; i < count; i++) {
            long end = TimeUnit.SECONDS.toMillis(first + (i + 1) * length);
            int from = next;
            while (next < windows.size() && windows.get(next).window().startMillis() < end) {
                next++;
            }
            steps.add(step(new StepSpan(first + i * length, length), windows.subList(from, next)));
        }
        return steps;
    }

    private HistoryStep step(StepSpan span, List<CachedWindow> windows) {
        if (windows.isEmpty()) {
            return HistoryStep.GAP;
        }
        long revision = windows.stream().mapToLong(CachedWindow::revision).max().orElse(0);
        CachedStep known = cachedSteps.get(span);
        if (known != null && known.windows() == windows.size() && known.revision() == revision) {
            return known.step();
        }
        HistoryStep step =
                StepMerger.merge(windows.stream().map(CachedWindow::window).toList());
        cache(span, new CachedStep(windows.size(), revision, step));
        return step;
    }

    private void cache(StepSpan span, CachedStep step) {
        CachedStep replaced = cachedSteps.put(span, step);
        cachedBytes += step.step().memoryBytes()
                - (replaced == null ? 0 : replaced.step().memoryBytes());
        Iterator<CachedStep> eldest = cachedSteps.values().iterator();
        while (cachedSteps.size() > MAX_CACHED_STEPS || cachedBytes > MAX_CACHED_BYTES) {
            cachedBytes -= eldest.next().step().memoryBytes();
            eldest.remove();
        }
    }
}
