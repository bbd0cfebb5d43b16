// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Families of metrics as they are written down, one scrape's; a unit becomes part of the name. */
final class Families {

    private final List<MetricSnapshot> families = new ArrayList<>();

    void gauge(String name, @Nullable Unit unit, String help, List<GaugeDataPointSnapshot> points) {
        if (!points.isEmpty()) {
            families.add(new GaugeSnapshot(metadata(name, unit, help), points));
        }
    }

    void gauge(String name, @Nullable Unit unit, String help, Number value) {
        gauge(name, unit, help, List.of(gauge(value, Labels.EMPTY)));
    }

    /** @param name without {@code _total} */
    void counter(String name, @Nullable Unit unit, String help, List<CounterDataPointSnapshot> points) {
        if (!points.isEmpty()) {
            families.add(new CounterSnapshot(metadata(name, unit, help), points));
        }
    }

    void counter(String name, @Nullable Unit unit, String help, Number value) {
        counter(name, unit, help, List.of(counter(value, Labels.EMPTY)));
    }

    void summary(String name, Unit unit, String help, List<SummaryDataPointSnapshot> points) {
        if (!points.isEmpty()) {
            families.add(new SummarySnapshot(metadata(name, unit, help), points));
        }
    }

    /** @param name without {@code _info} */
    void info(String name, String help, List<InfoDataPointSnapshot> points) {
        if (!points.isEmpty()) {
            families.add(new InfoSnapshot(new MetricMetadata(name, help), points));
        }
    }

    private static MetricMetadata metadata(String name, @Nullable Unit unit, String help) {
        return new MetricMetadata(unit == null ? name : name + "_" + unit, help, unit);
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

    static SummaryDataPointSnapshot summary(long count, double sum, Labels labels) {
        return new SummaryDataPointSnapshot(count, sum, Quantiles.EMPTY, labels, Exemplars.EMPTY, 0);
    }
}
