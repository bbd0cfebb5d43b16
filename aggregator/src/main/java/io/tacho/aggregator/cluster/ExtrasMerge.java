// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import io.tacho.aggregator.view.KnownNode;
import io.tacho.model.Extra;
import io.tacho.model.NodeSnapshot;
import io.tacho.sketch.DurationHistogram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Merges the extra values of nodes. If nodes disagree about the kind or rule of a name, those that agree with the first count.
 * A value with an unknown rule is not merged.
 *
 * <p>Thread safety: confined to one thread.
 */
final class ExtrasMerge {

    private record Reported(Extra extra, KnownNode node) {}

    private final Map<String, List<Reported>> byName = new TreeMap<>();
    private final Set<String> unreadable;

    /** @param unreadable receives the uids of nodes with an unreadable histogram */
    ExtrasMerge(List<KnownNode> nodes, Set<String> unreadable) {
        this.unreadable = unreadable;
        for (KnownNode node : nodes) {
            node.detail()
                    .extras()
                    .byName()
                    .forEach((name, extra) ->
                            add(byName.computeIfAbsent(name, first -> new ArrayList<>()), extra, node));
        }
    }

    private static void add(List<Reported> reported, Extra extra, KnownNode node) {
        Extra first = reported.isEmpty() ? extra : reported.get(0).extra();
        if (first.kind().equals(extra.kind()) && first.rule().equals(extra.rule())) {
            reported.add(new Reported(extra, node));
        }
    }

    /** Returns the merged values, ordered by name. */
    Map<String, MergedExtra> merged() {
        Map<String, MergedExtra> merged = new TreeMap<>();
        byName.forEach((name, reported) -> {
            MergedExtra extra = merge(reported);
            if (extra != null) {
                merged.put(name, extra);
            }
        });
        return merged;
    }

    private @Nullable MergedExtra merge(List<Reported> all) {
        return switch (all.get(0).extra().rule()) {
            case Extra.SUM ->
                single(all, all.stream().mapToLong(one -> one.extra().value()).reduce(0, ExtrasMerge::plus));
            case Extra.MAX ->
                single(
                        all,
                        all.stream().mapToLong(one -> one.extra().value()).max().orElse(0));
            case Extra.LAST -> single(all, last(all));
            case Extra.HISTOGRAM -> histogram(all);
            default -> null;
        };
    }

    private static long plus(long a, long b) {
        return Math.min(a + b, NodeSnapshot.MAX_VALUE);
    }

    private static long last(List<Reported> all) {
        Reported last = all.get(0);
        for (Reported one : all) {
            // a monotonic clock may overflow
            if (one.node().beatNanos() - last.node().beatNanos() > 0) {
                last = one;
            }
        }
        return last.extra().value();
    }

    private static MergedExtra single(List<Reported> all, long value) {
        Extra first = all.get(0).extra();
        return new MergedExtra(first.kind(), first.rule(), all.size(), value, null);
    }

    private @Nullable MergedExtra histogram(List<Reported> all) {
        DurationHistogram.Merger merger = new DurationHistogram.Merger();
        int histograms = 0;
        for (Reported one : all) {
            if (one.extra().durations() != null) {
                Optional<DurationHistogram> durations = one.extra().durations().decodeIfReadable();
                if (durations.isPresent()) {
                    merger.add(durations.get());
                    histograms++;
                } else {
                    unreadable.add(one.node().uid());
                }
            }
        }
        Extra first = all.get(0).extra();
        return histograms == 0 ? null : new MergedExtra(first.kind(), first.rule(), histograms, 0, merger.merged());
    }
}
