// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import io.tacho.model.ClusterWindow.Spread;
import java.util.Objects;

/**
 * The numbers of one window of one node, as they are rolled up into the history of the cluster.
 *
 * @param intervalSeconds length of the node's metrics interval
 * @param window the time that it covers: an interval, or less at the node's start and end
 * @param sums exact counts of the window
 * @param gauges of the node at the window's end
 * @param timeApiMax longest server API response time, nanoseconds
 * @param timeClientMax longest client API response time, nanoseconds
 * @param detail histograms, sketches, and values in addition to the 22 fields, gauges as they are at the window's end
 */
public record NodeWindow(
        long intervalSeconds,
        MetricsWindow window,
        NodeTotals sums,
        WindowGauges gauges,
        long timeApiMax,
        long timeClientMax,
        WindowDetail detail) {

    /** A window of at least this share of the interval counts as a whole one. */
    private static final double WHOLE = 0.95;

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public NodeWindow {
        Checks.between("metrics_interval", intervalSeconds, 1, SnapshotEnvelope.MAX_INTERVAL_SECONDS);
        Objects.requireNonNull(window, "window");
        Objects.requireNonNull(sums, "sums");
        Objects.requireNonNull(gauges, "gauges");
        Checks.count(Field.TIME_API_MAX, timeApiMax);
        Checks.count(Field.TIME_CLIENT_MAX, timeClientMax);
        Objects.requireNonNull(detail, "detail");
    }

    /** {@return this window with other values that can be merged with those of other nodes} */
    public NodeWindow withDetail(WindowDetail other) {
        return new NodeWindow(intervalSeconds, window, sums, gauges, timeApiMax, timeClientMax, other);
    }

    /** {@return this window with extra values} */
    public NodeWindow withExtras(Extras values) {
        return withDetail(detail.withExtras(values));
    }

    /** {@return this window with other counts} */
    public NodeWindow withSums(NodeTotals counts) {
        return new NodeWindow(intervalSeconds, window, counts, gauges, timeApiMax, timeClientMax, detail);
    }

    /** {@return this window at another time} */
    public NodeWindow withWindow(MetricsWindow time) {
        return new NodeWindow(intervalSeconds, time, sums, gauges, timeApiMax, timeClientMax, detail);
    }

    /** {@return the window of the cluster that it belongs to} */
    public WindowSlot slot() {
        return WindowSlot.of(intervalSeconds, window);
    }

    /**
     * Returns what the gauges add to those of the cluster: scaled down as the window is shortened, so that a node which was
     * restarted does not count twice.
     */
    public WindowGauges weightedGauges() {
        double weight = weight();
        return weight >= WHOLE ? gauges : WindowGauges.of(field -> Math.round(weight * gauges.number(field)));
    }

    /** {@return what the extra values add to those of the cluster; gauges that are added up are scaled down likewise} */
    public Extras weightedExtras() {
        double weight = weight();
        return weight >= WHOLE ? detail.extras() : detail.extras().weighted(weight);
    }

    /** {@return the spread of a balanced field over this node alone; over none if the window is shortened} */
    public Spread spread(Field field) {
        long value = field.kind() == Field.Kind.GAUGE ? gauges.number(field) : sums.number(field);
        return weight() >= WHOLE ? Spread.of(field, value) : Spread.NONE;
    }

    private double weight() {
        return (window.endMillis() - window.startMillis()) / (1_000.0 * intervalSeconds);
    }
}
