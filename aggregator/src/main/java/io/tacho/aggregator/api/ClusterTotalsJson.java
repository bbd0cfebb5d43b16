// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.cluster.ClusterMetric;
import io.tacho.aggregator.cluster.ClusterTotals;
import io.tacho.aggregator.cluster.MergedTimes;
import io.tacho.aggregator.cluster.MergedValue;
import io.tacho.model.Field;
import io.tacho.model.Field.MergeRule;
import io.tacho.model.RequestKind;
import org.jspecify.annotations.Nullable;

/** Writes the totals of the cluster as JSON. */
final class ClusterTotalsJson {

    private ClusterTotalsJson() {}

    /** Adds the members {@code merged}, {@code quantiles}, {@code numbers}, {@code upper_bounds} and {@code extras}. */
    static void write(ObjectNode body, ClusterTotals totals) {
        ObjectNode merged = body.putObject("merged");
        for (Field field : Field.NUMBERS) {
            write(merged, field, totals.value(field));
        }
        ObjectNode quantiles = body.putObject("quantiles");
        for (RequestKind kind : RequestKind.values()) {
            MergedTimes times = totals.times(kind);
            if (times != null) {
                write(quantiles.putObject(kind.timeName()), times);
            }
        }
        ObjectNode numbers = body.putObject("numbers");
        for (ClusterMetric metric : ClusterMetric.ALL) {
            Long number = totals.number(metric);
            if (number != null) {
                numbers.put(metric.name(), number);
            }
        }
        ArrayNode upperBounds = body.putArray("upper_bounds");
        totals.values().forEach((field, value) -> {
            if (value.isUpperBound()) {
                upperBounds.add(field.wireName());
            }
        });
        ExtrasJson.write(body, totals.extras());
    }

    private static void write(ObjectNode merged, Field field, @Nullable MergedValue value) {
        if (value instanceof MergedValue.Single single) {
            merged.put(field.wireName(), single.value());
        } else if (value instanceof MergedValue.Union union) {
            write(merged.putObject(field.wireName()), union);
        } else if (value instanceof MergedValue.Range range) {
            merged.putObject(field.wireName()).put("min", range.min()).put("max", range.max());
        } else if (field.mergeRule() == MergeRule.RANGE) {
            merged.putObject(field.wireName());
        }
    }

    private static void write(ObjectNode json, MergedValue.Union union) {
        json.put("max", union.max()).put("sum", union.sum());
        if (union.union() != null) {
            json.putObject("union")
                    .put("nodes", union.sketches())
                    .put("lower", union.union().lower())
                    .put("estimate", union.union().estimate())
                    .put("upper", union.union().upper());
        }
    }

    private static void write(ObjectNode json, MergedTimes times) {
        json.put("nodes", times.nodes());
        ExtrasJson.write(json, times.histogram());
    }
}
