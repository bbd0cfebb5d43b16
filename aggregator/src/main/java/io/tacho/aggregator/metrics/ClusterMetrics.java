// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import io.tacho.aggregator.cluster.ClusterTotals;
import io.tacho.aggregator.cluster.MergedTimes;
import io.tacho.aggregator.cluster.Quantile;
import io.tacho.model.Field;
import io.tacho.model.RequestKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The totals of the cluster as gauges, named like the fields: {@code tacho_cluster_clients}, {@code
 * tacho_cluster_window_msg_sent}.
 */
final class ClusterMetrics {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double PERCENT = 100;

    private ClusterMetrics() {}

    static void write(Families families, ClusterTotals totals) {
        totals.values().forEach((field, value) -> {
            Long number = value.number();
            if (number != null) {
                String name = field.wireName().replaceFirst("^(num|bytes)_", "");
                families.gauge(
                        "tacho_cluster_" + (field.isOfWindow() ? "window_" : "") + name,
                        unit(field.unit()),
                        field.description() + ", of all nodes, merged as in /cluster.",
                        number / divisor(field.unit()));
            }
        });
        for (RequestKind kind : RequestKind.values()) {
            MergedTimes times = totals.times(kind);
            if (times != null) {
                families.gauge(
                        "tacho_cluster_window_" + kind.timeName(),
                        Unit.SECONDS,
                        "Quantiles of the response times of all nodes that ship histograms.",
                        quantiles(times));
            }
        }
    }

    private static List<GaugeDataPointSnapshot> quantiles(MergedTimes times) {
        List<GaugeDataPointSnapshot> points = new ArrayList<>();
        for (Quantile quantile : Quantile.values()) {
            points.add(Families.gauge(
                    times.quantile(quantile) / NANOS_PER_SECOND,
                    Labels.of("quantile", Double.toString(quantile.share()))));
        }
        return points;
    }

    private static @Nullable Unit unit(Field.Unit unit) {
        return switch (unit) {
            case BYTES -> Unit.BYTES;
            case NANOSECONDS, UNIX_SECONDS -> Unit.SECONDS;
            case PERCENT -> Unit.RATIO;
            case COUNT, TEXT -> null;
        };
    }

    private static double divisor(Field.Unit unit) {
        return switch (unit) {
            case NANOSECONDS -> NANOS_PER_SECOND;
            case PERCENT -> PERCENT;
            case BYTES, UNIX_SECONDS, COUNT, TEXT -> 1;
        };
    }
}
