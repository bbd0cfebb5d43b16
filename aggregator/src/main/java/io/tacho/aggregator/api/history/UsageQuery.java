// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api.history;

import io.tacho.aggregator.api.QueryParameters;
import io.tacho.aggregator.period.PeriodUnit;
import java.util.List;
import java.util.Set;

/**
 * A query of the usage.
 *
 * @param span days, weeks or months
 * @param nodes the number of nodes that are expected
 */
public record UsageQuery(UnitSpan span, int nodes) {

    private static final Set<String> PARAMETERS = Set.of("from", "to", "unit", "nodes");
    private static final List<PeriodUnit> UNITS = List.of(PeriodUnit.DAY, PeriodUnit.WEEK, PeriodUnit.MONTH);

    /**
     * Reads the parameters of a query.
     *
     * @throws IllegalArgumentException naming the invalid parameter, the found and the expected value
     */
    static UsageQuery of(QueryParameters query, long nowSeconds) {
        query.requireKnown(PARAMETERS);
        String unit = query.single("unit");
        int nodes = query.count("nodes", 1);
        if (nodes < 1) {
            throw new IllegalArgumentException("nodes: 0 (expected: 1 or more)");
        }
        return new UsageQuery(
                UnitSpan.of(query, unit == null ? PeriodUnit.DAY : UnitSpan.unit(unit, UNITS, null), nowSeconds),
                nodes);
    }
}
