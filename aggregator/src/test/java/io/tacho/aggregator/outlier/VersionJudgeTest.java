// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.outlier.Outlier.Method;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Outliers by version, the hysteresis of a deviation, and the changes of a report. */
class VersionJudgeTest {

    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

    private final VersionJudge judge = new VersionJudge();
    private Instant now = START;

    private static PeerGroup group(List<String> versions) {
        PeerGroup group = new PeerGroup();
        for (int i = 0; i < versions.size(); i++) {
            double[] none = new double[Indicator.ALL.size()];
            group.add(new NodeSample("u" + i, "n" + i, "", versions.get(i), 1, none, none), true);
        }
        return group;
    }

    private static List<String> versions(int majority, String... others) {
        List<String> versions = new ArrayList<>(Collections.nCopies(majority, "1.0"));
        versions.addAll(Arrays.asList(others));
        return versions;
    }

    private List<Outlier> judge(int times, List<String> versions) {
        for (int i = 0; i < times; i++) {
            judge.judge(Map.of("", group(versions)), now);
            now = now.plusSeconds(60);
        }
        return judge.outliers().toList();
    }

    @Test
    void minority_isReportedFromTheThirdEvaluation_sinceTheFirst() {
        assertThat(judge(2, versions(9, "2.0"))).isEmpty();

        assertThat(judge(1, versions(9, "2.0")))
                .containsExactly(new Outlier("u9", "n9", Indicator.VERSION, 1, 9, 1 / 9.0, 10, Method.MINORITY, START));
    }

    @Test
    void rollout_isNotReportedWhileItProceeds() {
        for (int upgraded = 1; upgraded < 20; upgraded++) {
            List<String> versions = versions(20 - upgraded);
            versions.addAll(Collections.nCopies(upgraded, "2.0"));
            assertThat(judge(2, versions)).isEmpty();
        }
    }

    /** {@code versions} of that number of nodes are judged three times. */
    @ParameterizedTest
    @CsvSource({"3, 1, 0", "4, 1, 1", "8, 2, 0", "9, 1, 1", "18, 2, 2", "17, 3, 0", "5, 0, 0", "5, 5, 0", "0, 5, 0"})
    void atMostATenth_isAMinority(int majority, int minority, int reported) {
        List<String> versions = versions(majority);
        versions.addAll(Collections.nCopies(minority, "2.0"));

        assertThat(judge(3, versions)).hasSize(reported);
    }

    @Test
    void nodesWithoutAVersion_areNotPeers() {
        assertThat(judge(3, versions(4, null, null, "2.0"))).singleElement().satisfies(outlier -> {
            assertThat(outlier.peers()).isEqualTo(5);
            assertThat(outlier.uid()).isEqualTo("u6");
        });
        assertThat(judge(3, versions(3, null, null, "2.0"))).isEmpty();
    }

    @Test
    void upgradedMinority_isNoLongerReported() {
        judge(3, versions(9, "2.0"));

        assertThat(judge(1, versions(10))).isEmpty();
        assertThat(judge(2, versions(9, "2.0"))).as("the count restarts").isEmpty();
    }

    @Test
    void groups_areJudgedSeparately() {
        for (int i = 0; i < 3; i++) {
            judge.judge(Map.of("a", group(versions(9, "2.0")), "b", group(Collections.nCopies(5, "2.0"))), now);
        }

        assertThat(judge.outliers()).extracting(Outlier::uid).containsExactly("u9");
    }

    @Test
    void severalMinorities_countByTheirOwnVersion() {
        assertThat(judge(3, versions(18, "2.0", "3.0")))
                .extracting(Outlier::value)
                .containsExactly(1.0, 1.0);
    }

    /** For any order of the nodes, exactly the nodes with rare versions are reported. */
    @Test
    void randomOrders_matchTheModel() {
        Random random = new Random(9);
        for (int round = 0; round < 300; round++) {
            List<String> versions = versions(random.nextInt(30));
            for (int i = random.nextInt(5); i > 0; i--) {
                versions.add(random.nextBoolean() ? "2.0" : random.nextBoolean() ? "3.0" : null);
            }
            Collections.shuffle(versions, random);
            Map<String, Integer> counts = new HashMap<>();
            versions.stream()
                    .filter(version -> version != null)
                    .forEach(version -> counts.merge(version, 1, Integer::sum));
            int peers = counts.values().stream().mapToInt(i -> i).sum();
            int largest = counts.values().stream().mapToInt(i -> i).max().orElse(0);
            long expected = peers < OutlierDetector.MIN_PEERS || largest < 0.8 * peers
                    ? 0
                    : counts.values().stream()
                            .filter(count -> count != largest && count <= Math.max(1, 0.1 * peers))
                            .mapToInt(i -> i)
                            .sum();
            judge.judge(Map.of(), now);

            assertThat(judge(3, versions)).as(versions.toString()).hasSize((int) expected);
        }
    }

    @Test
    void deviation_needsThreeWindows_normalOnesInBetweenEndIt() {
        Deviation deviation = new Deviation(START);
        deviation.addDeviating(outlier("a"));
        deviation.addDeviating(outlier("b"));
        assertThat(deviation.isOutlier()).isFalse();
        assertThat(deviation.endsWithNormal()).isTrue();

        deviation.addDeviating(outlier("c"));

        assertThat(deviation.outlier()).isEqualTo(outlier("c"));
        assertThat(deviation.since()).isEqualTo(START);
    }

    @Test
    void outlier_endsAfterThreeNormalWindowsInARow() {
        Deviation deviation = new Deviation(START);
        for (int i = 0; i < 3; i++) {
            deviation.addDeviating(outlier("a"));
        }
        assertThat(deviation.endsWithNormal()).isFalse();
        assertThat(deviation.endsWithNormal()).isFalse();
        deviation.addDeviating(outlier("b"));
        assertThat(deviation.endsWithNormal()).isFalse();
        assertThat(deviation.endsWithNormal()).isFalse();

        assertThat(deviation.endsWithNormal()).isTrue();
    }

    @Test
    void report_listsStartsAndEnds_newestFirst_bounded() {
        OutlierReport report = OutlierReport.NONE;
        for (int i = 0; i < 60; i++) {
            report = report.next(List.of(outlier("u" + i)), i, true);
        }

        assertThat(report.changes()).hasSize(OutlierReport.MAX_CHANGES);
        assertThat(report.changes().get(0)).isEqualTo(new OutlierReport.Change(59, true, outlier("u59")));
        assertThat(report.changes().get(1)).isEqualTo(new OutlierReport.Change(59, false, outlier("u58")));
        assertThat(report.of("u59")).containsExactly(outlier("u59"));
        assertThat(report.of("u58")).isEmpty();
    }

    @Test
    void unchangedReport_hasNoNewChanges() {
        OutlierReport first = OutlierReport.NONE.next(List.of(outlier("a")), 1, false);

        assertThat(first.isConclusive()).isFalse();
        assertThat(first.next(List.of(outlier("a")), 2, true).changes()).isEqualTo(first.changes());
    }

    private static Outlier outlier(String uid) {
        return new Outlier(uid, uid, Indicator.MEMORY, 3, 1, 3, 9, Method.RATIO, START);
    }
}
