// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutlierDetectorTest {

    private static final double NORMAL = 2e6;

    private final OutlierDetector detector = new OutlierDetector();
    private long window;

    @Test
    void deviation_isReportedInTheThirdWindow_withItsValues() {
        assertThat(evaluate(4 * NORMAL, 9)).isEmpty();
        assertThat(evaluate(4 * NORMAL, 9)).isEmpty();

        List<Outlier> outliers = evaluate(4 * NORMAL, 9);

        assertThat(outliers).hasSize(1);
        Outlier outlier = outliers.get(0);
        assertThat(outlier.uid()).isEqualTo("uid-odd");
        assertThat(outlier.node()).isEqualTo("odd");
        assertThat(outlier.indicator()).isEqualTo(Indicator.API_LATENCY);
        assertThat(outlier.value()).isEqualTo(4 * NORMAL);
        assertThat(outlier.median()).isCloseTo(NORMAL, within(20_000.0));
        assertThat(outlier.factor()).isCloseTo(4, within(0.05));
        assertThat(outlier.peers()).isEqualTo(10);
        assertThat(outlier.method()).isEqualTo(Outlier.Method.MEDIAN_DEVIATION);
        assertThat(outlier.since()).isEqualTo(Instant.ofEpochSecond(1));
        assertThat(outlier.toText()).isEqualTo("time_api_mean 4.0 × the median of 10 nodes");
    }

    @Test
    void deviation_normalWindowInBetween_resetsTheCount() {
        evaluate(4 * NORMAL, 9);
        evaluate(4 * NORMAL, 9);
        evaluate(NORMAL, 9);
        evaluate(4 * NORMAL, 9);

        assertThat(evaluate(4 * NORMAL, 9)).isEmpty();
        assertThat(evaluate(4 * NORMAL, 9)).hasSize(1);
    }

    @Test
    void outlier_endsAfterThreeNormalWindows() {
        makeOutlier(9);

        assertThat(evaluate(NORMAL, 9)).hasSize(1);
        assertThat(evaluate(NORMAL, 9)).hasSize(1);
        assertThat(evaluate(NORMAL, 9)).isEmpty();
    }

    @Test
    void outlier_deviatesLess_remainsAnOutlier() {
        makeOutlier(9);

        for (int i = 0; i < 10; i++) {
            assertThat(evaluate(1.7 * NORMAL, 9)).hasSize(1);
        }
    }

    @Test
    void repeatedWindow_countsOnce() {
        List<NodeSample> samples = samples(4 * NORMAL, 9, 1);
        for (int i = 0; i < 10; i++) {
            assertThat(detector.evaluate(samples, Instant.EPOCH)).isEmpty();
        }
    }

    @Test
    void factorBelowTheIndicatorMinimum_isNotAnOutlier_evenWithEqualPeers() {
        for (int i = 0; i < 10; i++) {
            assertThat(evaluate(1.9 * NORMAL, 9)).isEmpty();
        }
    }

    @Test
    void tinyValues_areNotOutliers() {
        for (int i = 0; i < 10; i++) {
            assertThat(detector.evaluate(
                            List.of(
                                    sample("odd", "", 400_000, ++window),
                                    sample("a", "", 1_000, window),
                                    sample("b", "", 1_000, window),
                                    sample("c", "", 1_000, window),
                                    sample("d", "", 1_000, window)),
                            Instant.EPOCH))
                    .isEmpty();
        }
    }

    @Test
    void lowLatency_isNotAnOutlier() {
        for (int i = 0; i < 10; i++) {
            assertThat(evaluate(NORMAL / 10, 9)).isEmpty();
        }
    }

    @Test
    void fewPeers_requireALargerRatio() {
        for (int i = 0; i < 5; i++) {
            assertThat(evaluate(3.5 * NORMAL, 2)).isEmpty();
        }
        evaluate(5 * NORMAL, 2);
        evaluate(5 * NORMAL, 2);

        List<Outlier> outliers = evaluate(5 * NORMAL, 2);

        assertThat(outliers).hasSize(1);
        assertThat(outliers.get(0).method()).isEqualTo(Outlier.Method.RATIO);
        assertThat(outliers.get(0).peers()).isEqualTo(3);
        assertThat(outliers.get(0).factor()).isCloseTo(5, within(0.3));
    }

    @Test
    void twoNodes_areNotJudged() {
        for (int i = 0; i < 5; i++) {
            assertThat(evaluate(100 * NORMAL, 1)).isEmpty();
        }
    }

    @Test
    void nodesOfAnotherGroup_areNotPeers() {
        for (int i = 0; i < 5; i++) {
            List<NodeSample> samples = samples(NORMAL, 6, ++window);
            for (int node = 0; node < 6; node++) {
                samples.add(sample("slow-by-design-" + node, "batch", 50 * NORMAL, window));
            }
            assertThat(detector.evaluate(samples, Instant.EPOCH)).isEmpty();
        }
    }

    @Test
    void nodeWithoutValue_isIgnoredAndRemoved() {
        makeOutlier(9);

        assertThat(evaluate(Double.NaN, 9)).isEmpty();
        assertThat(evaluate(4 * NORMAL, 9)).isEmpty();
    }

    @Test
    void absentNode_isRemoved() {
        makeOutlier(9);

        List<NodeSample> others = samples(NORMAL, 9, ++window);
        others.remove(0);

        assertThat(detector.evaluate(others, Instant.EPOCH)).isEmpty();
    }

    @Test
    void shrunkGroup_isNotJudged() {
        makeOutlier(9);

        assertThat(evaluate(4 * NORMAL, 1)).isEmpty();
    }

    @Test
    void largestFactor_isFirst() {
        List<Outlier> outliers = List.of();
        for (int i = 0; i < 3; i++) {
            List<NodeSample> samples = samples(4 * NORMAL, 9, ++window);
            samples.add(sample("odder", "", 9 * NORMAL, window));
            outliers = detector.evaluate(samples, Instant.EPOCH);
        }

        assertThat(outliers).extracting(Outlier::node).containsExactly("odder", "odd");
    }

    @Test
    void meanOfFewRequests_hasAWiderBound() {
        for (int i = 0; i < 5; i++) {
            List<NodeSample> samples = samples(NORMAL, 9, ++window);
            NodeSample few = sample("odd", "", 6 * NORMAL, window);
            few.bases()[Indicator.API_LATENCY.ordinal()] = 25;
            samples.set(0, few);
            assertThat(detector.evaluate(samples, Instant.EPOCH)).isEmpty();
        }
    }

    private void makeOutlier(int others) {
        for (int i = 0; i < 3; i++) {
            evaluate(4 * NORMAL, others);
        }
        assertThat(evaluate(4 * NORMAL, others)).hasSize(1);
    }

    private List<Outlier> evaluateVersions(String... versions) {
        window++;
        List<NodeSample> samples = new ArrayList<>();
        double[] none = new double[Indicator.ALL.size()];
        Arrays.fill(none, Double.NaN);
        for (int i = 0; i < versions.length; i++) {
            samples.add(new NodeSample("uid-" + i, "n" + i, "", versions[i], window, none, none));
        }
        return detector.evaluate(samples, Instant.ofEpochSecond(window));
    }

    @Test
    void oldVersion_sameMinorityForThreeEvaluations_isAnOutlier() {
        evaluateVersions("2", "2", "2", "2", "1");
        evaluateVersions("2", "2", "2", "2", "2", "1");
        List<Outlier> outliers = evaluateVersions("2", "2", "2", "2", "1");

        assertThat(outliers).singleElement().satisfies(outlier -> {
            assertThat(outlier.uid()).isEqualTo("uid-4");
            assertThat(outlier.indicator()).isEqualTo(Indicator.VERSION);
            assertThat(outlier.method()).isEqualTo(Outlier.Method.MINORITY);
            assertThat(outlier.value()).isEqualTo(1);
            assertThat(outlier.median()).isEqualTo(4);
            assertThat(outlier.since()).isEqualTo(Instant.ofEpochSecond(1));
            assertThat(outlier.toText()).isEqualTo("version of 1 of 5 nodes");
        });
        assertThat(evaluateVersions("2", "2", "2", "2", "2")).isEmpty();
    }

    @Test
    void rollout_numberOfNewNodesChanges_isNotAnOutlier() {
        String[] versions = new String[40];
        Arrays.fill(versions, "1");
        for (int upgraded = 0; upgraded < versions.length; upgraded++) {
            versions[upgraded] = "2";
            assertThat(evaluateVersions(versions))
                    .as("%d are upgraded", upgraded + 1)
                    .isEmpty();
            assertThat(evaluateVersions(versions)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 2 2 2", // too few peers
                "1 1 2 2 2 2", // no clear majority
                "1 1 2 2 2 2 2 2 2 2 2", // more than a tenth
                "- - - - 1", // of most nodes the version is not known
            })
    void minority_fewPeersOrNoClearMajority_isNotAnOutlier(String versions) {
        String[] all = Stream.of(versions.split(" "))
                .map(version -> version.equals("-") ? null : version)
                .toArray(String[]::new);
        for (int i = 0; i < 5; i++) {
            assertThat(evaluateVersions(all)).isEmpty();
        }
    }

    /** Evaluates a new window of a node with this latency, and of others with about the normal one. */
    private List<Outlier> evaluate(double latency, int others) {
        window++;
        return detector.evaluate(samples(latency, others, window), Instant.ofEpochSecond(window));
    }

    private static List<NodeSample> samples(double latency, int others, long window) {
        List<NodeSample> samples = new ArrayList<>();
        samples.add(sample("odd", "", latency, window));
        for (int i = 0; i < others; i++) {
            samples.add(sample("peer-" + i, "", NORMAL * (1 + 0.01 * (i - others / 2)), window));
        }
        return samples;
    }

    private static NodeSample sample(String name, String group, double latency, long window) {
        double[] values = new double[Indicator.ALL.size()];
        Arrays.fill(values, Double.NaN);
        values[Indicator.API_LATENCY.ordinal()] = latency;
        double[] bases = new double[values.length];
        bases[Indicator.API_LATENCY.ordinal()] = 10_000;
        return new NodeSample("uid-" + name, name, group, null, window, values, bases);
    }
}
