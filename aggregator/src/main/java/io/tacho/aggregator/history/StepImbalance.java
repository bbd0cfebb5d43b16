// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import static java.util.stream.Collectors.groupingBy;

import io.tacho.model.ClusterWindow;
import io.tacho.model.ClusterWindow.Spread;
import io.tacho.model.Field;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The imbalance of a field between the nodes in a step: the mean over its windows. Of nodes with several metrics intervals those
 * of the interval that most of them have are compared, because a window has the nodes of one interval.
 *
 * @param maxOverMean the largest value of a node divided by the mean, percent; 100 if all are equal
 * @param variation the coefficient of variation, percent; 0 if all are equal
 */
record StepImbalance(double maxOverMean, double variation) {

    /** {@return the imbalance of a balanced field; empty if no window has at least two nodes and a value} */
    static Optional<StepImbalance> of(Collection<ClusterWindow> windows, Field field) {
        List<StepImbalance> ofWindows = windows.stream()
                .collect(groupingBy(ClusterWindow::intervalSeconds))
                .values()
                .stream()
                .max(Comparator.comparingLong(ofInterval -> ofInterval.stream()
                        .mapToLong(ClusterWindow::nodeWindows)
                        .max()
                        .orElse(0)))
                .stream()
                .flatMap(List::stream)
                .flatMap(window -> ofWindow(window, field))
                .toList();
        return ofWindows.isEmpty()
                ? Optional.empty()
                : Optional.of(new StepImbalance(
                        ofWindows.stream()
                                .mapToDouble(StepImbalance::maxOverMean)
                                .average()
                                .orElse(0),
                        ofWindows.stream()
                                .mapToDouble(StepImbalance::variation)
                                .average()
                                .orElse(0)));
    }

    private static Stream<StepImbalance> ofWindow(ClusterWindow window, Field field) {
        Spread spread = window.spreads().get(field);
        long sum = field.kind() == Field.Kind.GAUGE
                ? window.gauges().number(field)
                : window.sums().number(field);
        long nodes = window.nodeWindows();
        if (spread == null || nodes < 2 || sum == 0) {
            return Stream.empty();
        }
        double mean = (double) sum / nodes;
        double variance = Math.max(0, spread.meanSquare(field, nodes) - mean * mean);
        // a node that was there for a part of the window adds to the sum alone
        return Stream.of(new StepImbalance(Math.max(100, 100 * spread.max() / mean), 100 * Math.sqrt(variance) / mean));
    }

    void write(HistoryStep step, Field field) {
        step.set(HistoryField.valueOf(field.name() + "_MAX_OVER_MEAN"), Math.round(maxOverMean));
        step.set(HistoryField.valueOf(field.name() + "_VARIATION"), Math.round(variation));
    }
}
