// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The outliers of one evaluation. Immutable.
 *
 * @param outliers the largest factors first
 * @param byUid the same outliers by the uid of their node
 */
public record OutlierReport(List<Outlier> outliers, Map<String, List<Outlier>> byUid) {

    /** The report before the first evaluation. */
    public static final OutlierReport NONE = of(List.of());

    /** Creates the report of an evaluation. */
    public static OutlierReport of(List<Outlier> outliers) {
        return new OutlierReport(List.copyOf(outliers), outliers.stream().collect(Collectors.groupingBy(Outlier::uid)));
    }

    /** {@return the outliers of a node; empty if it is none} */
    public List<Outlier> of(String uid) {
        return byUid.getOrDefault(uid, List.of());
    }
}
