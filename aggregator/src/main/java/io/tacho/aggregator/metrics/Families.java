// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import io.tacho.aggregator.cluster.Quantile;
import io.tacho.sketch.DurationHistogram;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The selected families of one page, as snapshots; a unit becomes part of the name. */
final class Families {

    private static final double NANOS_PER_SECOND = 1e9;

    private final FamilySelection selection;
    private final List<MetricSnapshot> families = new ArrayList<>();
    private final Set<String> names = new TreeSet<>();

    Families(FamilySelection selection) {
        this.selection = selection;
    }

    private void add(String name, @Nullable Unit unit, List<?> points, Function<String, MetricSnapshot> snapshot) {
        String full = unit == null ? name : name + "_" + unit;
        names.add(full);
        if (!points.isEmpty() && selection.includes(full)) {
            families.add(snapshot.apply(full));
        }
    }

    void gauge(String name, @Nullable Unit unit, String help, List<GaugeDataPointSnapshot> points) {
        add(name, unit, points, full -> new GaugeSnapshot(new MetricMetadata(full, help, unit), points));
    }

    void gauge(String name, @Nullable Unit unit, String help, Number value) {
        gauge(name, unit, help, List.of(gauge(value, Labels.EMPTY)));
    }

    /** @param name without {@code _total} */
    void counter(String name, @Nullable Unit unit, String help, List<CounterDataPointSnapshot> points) {
        add(name, unit, points, full -> new CounterSnapshot(new MetricMetadata(full, help, unit), points));
    }

    void counter(String name, @Nullable Unit unit, String help, Number value) {
        counter(name, unit, help, List.of(counter(value, Labels.EMPTY)));
    }

    void summary(String name, Unit unit, String help, List<SummaryDataPointSnapshot> points) {
        add(name, unit, points, full -> new SummarySnapshot(new MetricMetadata(full, help, unit), points));
    }

    void histogram(String name, Unit unit, String help, HistogramDataPointSnapshot point) {
        List<HistogramDataPointSnapshot> points = List.of(point);
        add(name, unit, points, full -> new HistogramSnapshot(new MetricMetadata(full, help, unit), points));
    }

    /** {@return the names of all families, also of those that have no samples or are not selected} */
    Set<String> names() {
        return names;
    }

    MetricSnapshots all() {
        return new MetricSnapshots(families);
    }

    static GaugeDataPointSnapshot gauge(Number value, Labels labels) {
        return new GaugeDataPointSnapshot(value.doubleValue(), labels, null);
    }

    static CounterDataPointSnapshot counter(Number value, Labels labels) {
        return new CounterDataPointSnapshot(value.doubleValue(), labels, null, 0);
    }

    /** Returns the quantiles of durations, without their count and sum, which are those of one window and not counters. */
    static SummaryDataPointSnapshot quantiles(DurationHistogram durations, Labels labels) {
        Quantiles.Builder quantiles = Quantiles.builder();
        for (Quantile quantile : Quantile.values()) {
            quantiles.quantile(quantile.share(), durations.quantile(quantile.share()) / NANOS_PER_SECOND);
        }
        return SummaryDataPointSnapshot.builder()
                .quantiles(quantiles.build())
                .labels(labels)
                .build();
    }

    static SummaryDataPointSnapshot summary(long count, double sum, Labels labels) {
        return new SummaryDataPointSnapshot(count, sum, Quantiles.EMPTY, labels, Exemplars.EMPTY, 0);
    }
}
