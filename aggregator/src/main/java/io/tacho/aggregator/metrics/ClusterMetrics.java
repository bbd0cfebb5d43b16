// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import io.tacho.aggregator.cluster.ClusterTotals;
import io.tacho.aggregator.cluster.DurationTotals;
import io.tacho.aggregator.cluster.MergedTimes;
import io.tacho.aggregator.cluster.MergedValue;
import io.tacho.aggregator.view.RunningTotals;
import io.tacho.model.Field;
import io.tacho.model.RequestKind;
import io.tacho.model.TotalField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The totals of the cluster as gauges, named like the fields: {@code tacho_cluster_clients}, {@code
 * tacho_cluster_window_msg_sent}; and what this aggregator has counted, named like the metrics of the nodes.
 */
final class ClusterMetrics {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double PERCENT = 100;

    private final Families families;

    ClusterMetrics(Families families) {
        this.families = families;
    }

    void write(ClusterTotals totals, RunningTotals running, DurationTotals durations) {
        totals.values().forEach(this::total);
        for (RequestKind kind : RequestKind.values()) {
            MergedTimes times = totals.times(kind);
            families.summary(
                    "tacho_cluster_window_" + kind.timeName(),
                    Unit.SECONDS,
                    "Quantiles of the response times of all nodes that ship histograms.",
                    times == null ? List.of() : List.of(Families.quantiles(times.histogram(), Labels.EMPTY)));
            DurationHistogramMetric.write(families, kind, durations.of(kind));
        }
        TotalField.ALL.forEach(field -> counter(field, running.counter(field)));
        RunningTotals.PEAKS.forEach(gauge -> peak(gauge, running.peak(gauge)));
    }

    private void total(Field field, MergedValue value) {
        Long number = value.number();
        if (number == null) {
            return;
        }
        String name = "tacho_cluster_" + (field.isOfWindow() ? "window_" : "") + shortName(field);
        String help = field.description() + ", of all nodes, merged as in /cluster";
        families.gauge(name, unit(field.unit()), help + ".", number / divisor(field.unit()));
        if (value instanceof MergedValue.Union union) {
            families.gauge(name + "_lower", null, help + ": lower bound.", union.lower());
            families.gauge(name + "_upper", null, help + ": upper bound.", union.upper());
        }
    }

    private static String shortName(Field field) {
        return field.wireName().replaceFirst("^(num|bytes)_", "");
    }

    private void counter(TotalField field, long count) {
        String help = ", counted while this aggregator followed the nodes. A node that leaves takes nothing away.";
        for (RequestKind kind : RequestKind.values()) {
            if (field.field() == kind.count()) {
                families.counter(
                        "tacho_cluster_" + kind.label() + "_requests",
                        null,
                        kind.count().description() + help,
                        count);
                return;
            }
            if (field.field() == kind.mean()) {
                families.counter(
                        "tacho_cluster_" + kind.label() + "_request",
                        Unit.SECONDS,
                        "Time spent on " + kind.label() + " requests" + help,
                        count / NANOS_PER_SECOND);
                return;
            }
        }
        families.counter(
                NodeFamily.nameOf(field.field()).replace("_node_", "_cluster_"),
                unit(field.field().unit()),
                field.field().description() + help,
                count);
    }

    private void peak(Field gauge, long peak) {
        families.gauge(
                "tacho_cluster_" + shortName(gauge) + "_peak",
                unit(gauge.unit()),
                gauge.description() + ": the largest sum over all nodes within the last one to two minutes.",
                peak / divisor(gauge.unit()));
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
