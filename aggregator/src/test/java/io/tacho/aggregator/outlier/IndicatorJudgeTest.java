// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacho.aggregator.outlier.Outlier.Method;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests values of the nodes {@code u0}, {@code u1}, …, of which only the first deviates. */
class IndicatorJudgeTest {

    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
    private static final double MB = 1 << 20;

    private final IndicatorJudge judge = new IndicatorJudge(Indicator.MEMORY);

    private static NodeSample sample(int node, Indicator indicator, double value, double base) {
        double[] values = new double[Indicator.ALL.size()];
        double[] bases = values.clone();
        values[Indicator.ALL.indexOf(indicator)] = value;
        bases[Indicator.ALL.indexOf(indicator)] = base;
        return new NodeSample("u" + node, "n" + node, "", null, 1, values, bases);
    }

    private static PeerGroup group(boolean hasNewWindow, Indicator indicator, double base, double... values) {
        PeerGroup group = new PeerGroup();
        for (int i = 0; i < values.length; i++) {
            group.add(sample(i, indicator, values[i], base), hasNewWindow);
        }
        return group;
    }

    private static List<Outlier> afterThreeWindows(Indicator indicator, double base, double... values) {
        IndicatorJudge judge = new IndicatorJudge(indicator);
        for (int i = 0; i < 3; i++) {
            judge.judge(group(true, indicator, base, values), START);
        }
        return judge.outliers().toList();
    }

    /** Judges windows in which one node has the first value, and all others have 100 MB. */
    private List<Outlier> judge(int windows, int nodes, double megabytes) {
        double[] values = new double[nodes];
        Arrays.fill(values, 100 * MB);
        values[0] = megabytes * MB;
        for (int i = 0; i < windows; i++) {
            judge.judge(group(true, Indicator.MEMORY, 0, values), START.plusSeconds(60L * i));
        }
        return judge.outliers().toList();
    }

    @Test
    void outlier_hasItsFactorAndTheTimeOfItsFirstWindow() {
        assertThat(judge(2, 9, 300)).isEmpty();
        assertThat(judge(1, 9, 400)).singleElement().satisfies(outlier -> {
            assertThat(outlier.uid()).isEqualTo("u0");
            assertThat(outlier.node()).isEqualTo("n0");
            assertThat(outlier.indicator()).isEqualTo(Indicator.MEMORY);
            assertThat(outlier.value()).isEqualTo(400 * MB);
            assertThat(outlier.median()).isCloseTo(100 * MB, within(1.0));
            assertThat(outlier.factor()).isCloseTo(4, within(1e-9));
            assertThat(outlier.peers()).isEqualTo(9);
            assertThat(outlier.method()).isEqualTo(Method.MEDIAN_DEVIATION);
            assertThat(outlier.since()).isEqualTo(START);
        });
    }

    /** With few peers the factor must be the square of 1.6, and two nodes are not compared. */
    @ParameterizedTest
    @CsvSource({"9, 159, 0", "9, 161, 1", "5, 161, 1", "4, 255, 0", "4, 257, 1", "3, 257, 1", "2, 1000, 0", "1, 1000, 0"
    })
    void factor_minimumDependsOnTheNumberOfPeers(int nodes, double megabytes, int outliers) {
        assertThat(judge(3, nodes, megabytes))
                .hasSize(outliers)
                .allSatisfy(outlier -> assertThat(outlier.method())
                        .isEqualTo(nodes < OutlierDetector.MIN_PEERS ? Method.RATIO : Method.MEDIAN_DEVIATION));
    }

    @Test
    void peerSpread_widensTheBound() {
        assertThat(afterThreeWindows(Indicator.MEMORY, 0, 300 * MB, 100 * MB, 101 * MB, 99 * MB, 100 * MB, 102 * MB))
                .hasSize(1);
        assertThat(afterThreeWindows(Indicator.MEMORY, 0, 300 * MB, 70 * MB, 160 * MB, 80 * MB, 200 * MB, 110 * MB))
                .isEmpty();
    }

    @Test
    void valuesBelowTheFloor_areEqual() {
        assertThat(afterThreeWindows(Indicator.MEMORY, 0, 63 * MB, MB, MB, MB, MB, MB))
                .isEmpty();
        assertThat(afterThreeWindows(Indicator.MEMORY, 0, 0, 0, 0, 0, 0)).isEmpty();
    }

    @Test
    void smallValue_isAnOutlierOnlyIfTheIndicatorHasALowerBound() {
        assertThat(afterThreeWindows(Indicator.MEMORY, 0, 70 * MB, 700 * MB, 700 * MB, 700 * MB, 700 * MB))
                .isEmpty();
        assertThat(afterThreeWindows(Indicator.MESSAGES_PER_CLIENT, 1_000, 1, 10, 10, 10, 10))
                .singleElement()
                .satisfies(outlier -> assertThat(outlier.factor()).isCloseTo(0.1, within(1e-9)));
    }

    /** 2.5 times the median may be chance if it is the mean of 20 requests. */
    @ParameterizedTest
    @CsvSource({"20, 0", "2000, 1"})
    void fewEvents_widenTheBound(double requests, int outliers) {
        assertThat(afterThreeWindows(Indicator.API_LATENCY, requests, 2.5e6, 1e6, 1e6, 1e6, 1e6))
                .hasSize(outliers);
    }

    @Test
    void windowThatWasJudged_isNotCountedAgain() {
        double[] values = {400 * MB, 100 * MB, 100 * MB, 100 * MB, 100 * MB};
        judge.judge(group(true, Indicator.MEMORY, 0, values), START);
        for (int i = 0; i < 5; i++) {
            judge.judge(group(false, Indicator.MEMORY, 0, values), START);
        }

        assertThat(judge.outliers()).isEmpty();
        assertThat(judge(1, 5, 400)).isEmpty();
        assertThat(judge(1, 5, 400)).hasSize(1);
    }

    @Test
    void outlier_endsAfterThreeWindowsBelowTheSquareRootOfTheFactor() {
        judge(3, 9, 400);

        assertThat(judge(5, 9, 130)).as("above the square root of 1.6").hasSize(1);
        assertThat(judge(2, 9, 120)).hasSize(1);
        assertThat(judge(1, 9, 120)).isEmpty();
    }

    @Test
    void nodeWithoutAValue_isNeitherPeerNorOutlier() {
        judge(3, 5, 400);

        assertThat(judge(1, 5, Double.NaN)).isEmpty();
        assertThat(judge(2, 5, 400)).as("the count restarts").isEmpty();
        assertThat(afterThreeWindows(Indicator.MEMORY, 0, 400 * MB, 100 * MB, Double.NaN, Double.NaN, Double.NaN))
                .as("two values")
                .isEmpty();
    }

    @Test
    void groupThatBecameTooSmall_hasNoOutliers() {
        judge(3, 5, 400);

        assertThat(judge(1, 2, 400)).isEmpty();
    }

    @Test
    void absentNode_isRemoved() {
        judge(3, 5, 400);
        judge.retain(Set.of("u1", "u2"));

        assertThat(judge.outliers()).isEmpty();
    }
}
