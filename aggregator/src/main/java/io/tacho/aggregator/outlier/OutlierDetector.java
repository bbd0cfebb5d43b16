// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Detects nodes that deviate from their peers.
 *
 * <p>Problem: find the one node of many that is slow, leaks, or misses messages, without configuration, and with almost no false
 * alarm among thousands of nodes, several indicators and thousands of windows.
 *
 * <p>Method: values are compared as logarithms, so that a deviation is a factor. The center of a group is its median, and its spread
 * the median absolute deviation, but at least 8 %: neither changes much while a minority of the nodes is faulty. The spread of a
 * single value also contains the chance of the few events on which it is based. A value deviates if its distance from the median is at
 * least 4.5 spreads and at least the indicator's own factor: the first excludes natural differences between nodes, the second those too
 * small to matter. In a group of fewer than {@value #MIN_PEERS} nodes the spread cannot be estimated; there the factor to the median of
 * the other nodes must be the square of the indicator's factor. Two nodes are not judged, because it is unknown which of them deviates.
 *
 * <p>Hysteresis: a node becomes an outlier after three consecutive windows that deviate, and stops being one after three consecutive
 * windows below 3 spreads or below the root of the factor.
 *
 * <p>Source of the score: B. Iglewicz and D. Hoaglin, "How to Detect and Handle Outliers" (1993), the modified z-score.
 *
 * <p>Thread safety: confined to one thread.
 */
final class OutlierDetector {

    /** The number of peers from which on their spread is estimated. */
    static final int MIN_PEERS = 5;

    private static final Comparator<Outlier> LARGEST_FIRST = Comparator.comparing(
                    (Outlier outlier) -> outlier.indicator() == Indicator.VERSION)
            .thenComparingDouble(outlier -> -Math.abs(Math.log(outlier.factor())))
            .thenComparing(Outlier::node)
            .thenComparing(Outlier::uid);

    private final List<IndicatorJudge> judges =
            Indicator.ALL.stream().map(IndicatorJudge::new).toList();
    private final VersionJudge versions = new VersionJudge();
    private final Map<String, Long> lastWindowByUid = new HashMap<>();

    /**
     * Judges the windows that are new since the previous call.
     *
     * @param samples all nodes that are present; absent nodes are forgotten
     * @param time of the evaluation
     * @return the outliers, the largest factors first, then those by their version
     */
    List<Outlier> evaluate(List<NodeSample> samples, Instant time) {
        Map<String, PeerGroup> groups = new HashMap<>();
        for (NodeSample sample : samples) {
            Long previous = lastWindowByUid.put(sample.uid(), sample.window());
            groups.computeIfAbsent(sample.group(), name -> new PeerGroup())
                    .add(sample, previous == null || previous != sample.window());
        }
        if (lastWindowByUid.size() > samples.size()) {
            lastWindowByUid
                    .keySet()
                    .retainAll(samples.stream().map(NodeSample::uid).collect(Collectors.toSet()));
        }
        for (IndicatorJudge judge : judges) {
            judge.retain(lastWindowByUid.keySet());
            groups.values().forEach(group -> judge.judge(group, time));
        }
        versions.judge(groups, time);
        return Stream.concat(judges.stream().flatMap(IndicatorJudge::outliers), versions.outliers())
                .sorted(LARGEST_FIRST)
                .toList();
    }
}
