// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import io.tacho.aggregator.outlier.Outlier.Method;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Detects nodes that run another version than most of their peers: a node that an upgrade has forgotten, or that started with a wrong one.
 * At least four of five peers have to run one version, and at most a tenth (of fewer than ten, one) the other. During a rollout the number
 * of nodes with other versions changes, so they are reported after it has been the same in three consecutive evaluations.
 *
 * <p>Thread safety: confined to one thread.
 */
final class VersionJudge {

    private static final double MIN_MAJORITY = 0.8;
    private static final double MAX_MINORITY = 0.1;

    /** The minority of a group: how many nodes run each version other than that of most. */
    private record Minority(String majority, Map<String, Integer> others, Instant since, int evaluations) {

        boolean isSame(Minority other) {
            return majority.equals(other.majority) && others.equals(other.others);
        }
    }

    private final Map<String, Minority> minorities = new HashMap<>();
    private List<Outlier> outliers = List.of();

    /** {@return the nodes that run a version of few} */
    Stream<Outlier> outliers() {
        return outliers.stream();
    }

    /** Judges all groups, by their names. */
    void judge(Map<String, PeerGroup> groups, Instant time) {
        minorities.keySet().retainAll(groups.keySet());
        List<Outlier> found = new ArrayList<>();
        groups.forEach((name, group) -> judge(name, group, time, found));
        outliers = found;
    }

    private void judge(String name, PeerGroup group, Instant time, List<Outlier> found) {
        Map<String, Integer> counts = count(group);
        int peers = counts.values().stream().mapToInt(Integer::intValue).sum();
        Minority current = peers < OutlierDetector.MIN_PEERS ? null : minority(counts, peers, time);
        if (current == null) {
            minorities.remove(name);
            return;
        }
        Minority previous = minorities.get(name);
        if (previous != null && previous.isSame(current)) {
            current =
                    new Minority(previous.majority(), previous.others(), previous.since(), previous.evaluations() + 1);
        }
        minorities.put(name, current);
        if (current.evaluations() >= Deviation.WINDOWS_TO_ENTER) {
            addOutliers(group, current, counts, peers, found);
        }
    }

    /** {@return the number of nodes of each version; nodes next to each other mostly run the same} */
    private static Map<String, Integer> count(PeerGroup group) {
        Map<String, Integer> counts = new HashMap<>();
        String current = null;
        int run = 0;
        for (int i = 0; i <= group.size(); i++) {
            String version = i < group.size() ? group.get(i).version() : null;
            if (i == group.size() || !Objects.equals(version, current)) {
                if (current != null) {
                    counts.merge(current, run, Integer::sum);
                }
                current = version;
                run = 0;
            }
            run++;
        }
        return counts;
    }

    /** {@return the minority; null if there is none, or no version that most nodes run} */
    private static @Nullable Minority minority(Map<String, Integer> counts, int peers, Instant time) {
        Map.Entry<String, Integer> largest =
                counts.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
        Map<String, Integer> others = new HashMap<>(counts);
        others.remove(largest.getKey());
        return others.isEmpty() || largest.getValue() < MIN_MAJORITY * peers
                ? null
                : new Minority(largest.getKey(), others, time, 1);
    }

    private static void addOutliers(
            PeerGroup group, Minority minority, Map<String, Integer> counts, int peers, List<Outlier> found) {
        double majority = counts.getOrDefault(minority.majority(), 1);
        for (int i = 0; i < group.size(); i++) {
            NodeSample sample = group.get(i);
            Integer count = sample.version() == null ? null : minority.others().get(sample.version());
            if (count != null && count <= Math.max(1, MAX_MINORITY * peers)) {
                found.add(new Outlier(
                        sample.uid(),
                        sample.name(),
                        Indicator.VERSION,
                        count,
                        majority,
                        count / majority,
                        peers,
                        Method.MINORITY,
                        minority.since()));
            }
        }
    }
}
