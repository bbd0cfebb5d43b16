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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The selected families of one page, as snapshots; a unit becomes part of the name. */
final class Families {

    private static final double NANOS_PER_SECOND = 1e9;

    /** A family that a page may have, by its name with the unit and without suffixes. */
    record Declared(String name, String type, String help) {}

    private final FamilySelection selection;
    private final List<MetricSnapshot> families = new ArrayList<>();
    private final List<Declared> declared = new ArrayList<>();

    Families(FamilySelection selection) {
        this.selection = selection;
    }

    private void add(
            String type,
            String name,
            @Nullable Unit unit,
            String help,
            List<?> points,
            Function<MetricMetadata, MetricSnapshot> snapshot) {
        String full = unit == null ? name : name + "_" + unit;
        declared.add(new Declared(full, type, help));
        if (!points.isEmpty() && selection.includes(full)) {
            families.add(snapshot.apply(new MetricMetadata(full, help, unit)));
        }
    }

    void gauge(String name, @Nullable Unit unit, String help, List<GaugeDataPointSnapshot> points) {
        add("gauge", name, unit, help, points, metadata -> new GaugeSnapshot(metadata, points));
    }

    void gauge(String name, @Nullable Unit unit, String help, Number value) {
        gauge(name, unit, help, List.of(gauge(value, Labels.EMPTY)));
    }

    /** @param name without {@code _total} */
    void counter(String name, @Nullable Unit unit, String help, List<CounterDataPointSnapshot> points) {
        add("counter", name, unit, help, points, metadata -> new CounterSnapshot(metadata, points));
    }

    void counter(String name, @Nullable Unit unit, String help, Number value) {
        counter(name, unit, help, List.of(counter(value, Labels.EMPTY)));
    }

    void summary(String name, Unit unit, String help, List<SummaryDataPointSnapshot> points) {
        add("summary", name, unit, help, points, metadata -> new SummarySnapshot(metadata, points));
    }

    void histogram(String name, Unit unit, String help, HistogramDataPointSnapshot point) {
        List<HistogramDataPointSnapshot> points = List.of(point);
        add("histogram", name, unit, help, points, metadata -> new HistogramSnapshot(metadata, points));
    }

    /** {@return all families, also those that have no samples or are not selected} */
    List<Declared> declared() {
        return declared;
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
