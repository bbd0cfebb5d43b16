// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The outliers of one evaluation, and the last changes. Immutable.
 *
 * @param outliers the largest factors first
 * @param byUid the same outliers by the uid of their node
 * @param isConclusive whether enough windows were evaluated that a node which is not reported is no outlier
 * @param changes the last {@value #MAX_CHANGES} deviations that started or ended, newest first
 */
public record OutlierReport(
        List<Outlier> outliers, Map<String, List<Outlier>> byUid, boolean isConclusive, List<Change> changes) {

    /** The number of changes that are kept. */
    public static final int MAX_CHANGES = 50;

    /** The report before the first evaluation. */
    public static final OutlierReport NONE = new OutlierReport(List.of(), Map.of(), false, List.of());

    /**
     * The start or the end of a deviation.
     *
     * @param timeMillis of the evaluation, UNIX milliseconds
     * @param hasStarted false if it ended
     * @param outlier as it was reported last
     */
    public record Change(long timeMillis, boolean hasStarted, Outlier outlier) {}

    /** Creates a conclusive report without changes. */
    public static OutlierReport of(List<Outlier> outliers) {
        return of(outliers, true, List.of());
    }

    private static OutlierReport of(List<Outlier> outliers, boolean isConclusive, List<Change> changes) {
        return new OutlierReport(
                List.copyOf(outliers),
                outliers.stream().collect(Collectors.groupingBy(Outlier::uid)),
                isConclusive,
                List.copyOf(changes));
    }

    /** Returns the report of the next evaluation. */
    OutlierReport next(List<Outlier> current, long timeMillis, boolean isNextConclusive) {
        List<Change> all = new ArrayList<>();
        without(current, outliers).forEach(started -> all.add(new Change(timeMillis, true, started)));
        without(outliers, current).forEach(ended -> all.add(new Change(timeMillis, false, ended)));
        all.addAll(changes);
        return of(current, isNextConclusive, all.subList(0, Math.min(all.size(), MAX_CHANGES)));
    }

    /** {@return the outliers whose node and indicator are not among the others} */
    private static List<Outlier> without(Collection<Outlier> outliers, Collection<Outlier> others) {
        Map<String, List<Outlier>> known = others.stream().collect(Collectors.groupingBy(Outlier::uid));
        return outliers.stream()
                .filter(outlier -> known.getOrDefault(outlier.uid(), List.of()).stream()
                        .noneMatch(other -> other.indicator() == outlier.indicator()))
                .toList();
    }

    /** {@return the outliers of a node; empty if it is none} */
    public List<Outlier> of(String uid) {
        return byUid.getOrDefault(uid, List.of());
    }
}
