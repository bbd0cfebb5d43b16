// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.outlier.SimulatedCluster.Fault;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the detection rate and false alarms over seeded runs of simulated clusters. The numbers of BENCHMARKS.md are those of {@code
 * -Dtacho.simulation.runs=1000 -Dtacho.simulation.days=7}.
 */
@Execution(ExecutionMode.CONCURRENT)
class OutlierSimulationTest {

    private static final int WINDOWS_TO_DETECT = 3;
    private static final int RUNS = Integer.getInteger("tacho.simulation.runs", 30);
    private static final int DAYS = Integer.getInteger("tacho.simulation.days", 1);

    @ParameterizedTest
    @EnumSource
    void fault_isDetectedWithinThreeWindows(Fault fault) {
        int detected = 0;
        int runs = 0;
        for (int nodes : List.of(10, 100, 1_000)) {
            for (int run = 0; run < (nodes == 1_000 ? RUNS / 6 : RUNS); run++) {
                runs++;
                detected += isDetected(fault, new SimulatedCluster(nodes, 1_000L * nodes + run)) ? 1 : 0;
            }
        }

        assertThat((double) detected / runs).as("share of faults detected").isGreaterThanOrEqualTo(0.95);
    }

    private static boolean isDetected(Fault fault, SimulatedCluster cluster) {
        OutlierDetector detector = new OutlierDetector();
        for (int i = 0; i < 3; i++) {
            detector.evaluate(cluster.nextWindow(), Instant.EPOCH);
        }
        cluster.inject(fault);
        List<Outlier> outliers = List.of();
        for (int i = 0; i < WINDOWS_TO_DETECT; i++) {
            outliers = detector.evaluate(cluster.nextWindow(), Instant.EPOCH);
        }
        return outliers.stream()
                .anyMatch(outlier ->
                        outlier.uid().equals(SimulatedCluster.faultyUid()) && outlier.indicator() == fault.indicator);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 10, 100, 1_000})
    void healthyCluster_hasAtMostOneFalseAlarm(int nodes) {
        SimulatedCluster cluster = new SimulatedCluster(nodes, nodes);
        OutlierDetector detector = new OutlierDetector();
        Set<String> alarms = new HashSet<>();
        for (int window = 0; window < DAYS * SimulatedCluster.WINDOWS_PER_DAY; window++) {
            for (Outlier outlier : detector.evaluate(cluster.nextWindow(), Instant.ofEpochSecond(60L * window))) {
                alarms.add(outlier.uid() + " " + outlier.indicator() + " since " + outlier.since());
            }
        }

        assertThat(alarms).hasSizeLessThanOrEqualTo(1);
    }
}
