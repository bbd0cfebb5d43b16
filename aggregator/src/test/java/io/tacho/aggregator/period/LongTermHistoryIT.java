// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.history.HistoryField;
import io.tacho.aggregator.history.HistoryStep;
import io.tacho.model.Field;
import io.tacho.model.period.Peak;
import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodSummary;
import io.tacho.model.period.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Compares the long-term history with brute force, for a few days. {@code ThreeYears} does so for three years.
 */
class LongTermHistoryIT {

    @Test
    void aggregatorsAndAgentsKilled_historyIsExact() throws Exception {
        simulate(6, 40, 20_000, 3, 15, 7_200, 900);
    }

    /** Simulates days of a cluster, and compares every hour, day and month. */
    static void simulate(
            int days, int nodes, int users, int partitions, int kills, int windowSeconds, int lastDaySeconds)
            throws Exception {
        try (LongTermSimulation simulation =
                new LongTermSimulation(days, nodes, users, partitions, kills, windowSeconds, lastDaySeconds, 42)) {
            long begun = System.nanoTime();
            simulation.run();
            double seconds = (System.nanoTime() - begun) / 1e9;
            compare(simulation, days);
            System.out.printf(
                    Locale.ROOT,
                    "%d days, %d nodes, %d users, %d partitions, %d kills: %.0f s; Redis %.1f MB%n",
                    days,
                    nodes,
                    users,
                    partitions,
                    simulation.kills,
                    seconds,
                    simulation.memory());
            if (days > 366) {
                double[] millis = simulation.yearMillis();
                System.out.printf(Locale.ROOT, "a year of days: %.0f ms, again %.1f ms%n", millis[0], millis[1]);
                System.out.println("keys: " + simulation.admin.dbsize());
            }
        }
    }

    private static void compare(LongTermSimulation simulation, int days) throws Exception {
        List<Double> errors = new ArrayList<>();
        double quantileError = 0;
        int periods = 0;
        for (Map.Entry<Period, Truth> entry : simulation.truths.entrySet()) {
            Period period = entry.getKey();
            Truth truth = entry.getValue();
            PeriodSummary summary = simulation
                    .store
                    .read(List.of(period))
                    .toCompletableFuture()
                    .get()
                    .get(period);
            assertThat(summary).as("%s", period).isNotNull();
            periods++;
            assertThat(summary.nodeWindows()).as("%s", period).isEqualTo(truth.windows);
            assertThat(summary.number("num_msg_published")).as("%s", period).isEqualTo(truth.factors);
            assertThat(summary.number("bytes_client_out")).isEqualTo(7 * truth.factors);
            assertThat(summary.number("time_client_sum")).isEqualTo(9 * truth.factors);
            assertThat(summary.number("num_clients_seconds")).isEqualTo(truth.integral);
            assertThat(summary.peaks())
                    .as("%s", period)
                    .containsEntry(Field.NUM_CLIENTS, new Peak(truth.peak, truth.peakSeconds));
            assertThat(summary.timeApi().decode().count()).isEqualTo(8 * truth.windows);
            HistoryStep step = PeriodSteps.of(summary);
            for (Map.Entry<HistoryField, Double> quantile : Map.of(
                            HistoryField.TIME_API_P50,
                            0.5,
                            HistoryField.TIME_API_P99,
                            0.99,
                            HistoryField.TIME_API_P999,
                            0.999)
                    .entrySet()) {
                long exact = SimulatedCluster.quantile(truth.durations, quantile.getValue());
                quantileError = Math.max(quantileError, LongTermSimulation.error(exact, step.get(quantile.getKey())));
            }
            errors.add(LongTermSimulation.error(truth.users.cardinality(), step.get(HistoryField.NUM_UNIQUE_CLIENTS)));
        }
        assertThat(quantileError).isLessThan(0.01);
        double within = errors.stream().filter(error -> error <= 0.02).count() / (double) errors.size();
        double largest = errors.stream().mapToDouble(Double::doubleValue).max().orElse(1);
        assertThat(within).as("within 2 %%, the largest error is %s", largest).isGreaterThan(0.95);
        assertThat(largest).isLessThan(0.04);
        assertThat(periods).isEqualTo((int) simulation.truths.keySet().stream()
                .filter(period -> period.tier() != Tier.WINDOW)
                .count());
        System.out.printf(
                Locale.ROOT,
                "%d periods exact; largest error of a quantile %.2f %%, of users %.2f %%, within 2 %%: %.1f %%%n",
                periods,
                100 * quantileError,
                100 * largest,
                100 * within);
        assertThat(days).isPositive();
    }
}
