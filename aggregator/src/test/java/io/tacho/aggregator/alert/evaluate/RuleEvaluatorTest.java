// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacho.aggregator.alert.rule.AlertConfig;
import io.tacho.aggregator.alert.rule.Condition;
import io.tacho.aggregator.alert.rule.Rule;
import io.tacho.aggregator.outlier.Indicator;
import io.tacho.aggregator.outlier.Outlier;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.NodeChange.Kind;
import io.tacho.aggregator.view.ViewStatus;
import io.tacho.text.Glob;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the evaluators of all kinds of rules. */
class RuleEvaluatorTest {

    private static final String LABEL = "absent label=zone=eu for 30s";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lost",
                "outlier",
                "nodes < 3",
                LABEL,
                "num_clients > 5",
                "num_clients > 2x median",
                "num_clients falls > 5% within 2 windows",
                "cluster num_clients > 5",
                "cluster num_clients rises > 5% within 2 windows",
                "age > 5s"
            })
    void beforeTheFirstEvaluation_stateIsUnknown(String condition) {
        Evaluations rule = new Evaluations(condition);

        assertThat(rule.violations()).isEmpty();
        assertThat(rule.reasonToResolve("a")).as("keeps firing").isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lost", "outlier", "num_clients > 5", "num_clients > 2x median", "age > 5s"})
    void emptyView_hasNoViolation(String condition) {
        assertThat(new Evaluations(condition).loaded().now()).isEmpty();
    }

    @Test
    void aggregatorRule_hasNoClusterEvaluator() {
        Rule stale =
                AlertConfig.parse(Path.of("a"), "rule r stale > 1m").rules().get(0);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RuleEvaluator.forRule(stale))
                .withMessage("rule r  stale > 1m (expected: a rule about nodes or the cluster)");
    }

    @Test
    void lostNode_isViolatedUntilANodeOfTheSameNameJoins() {
        Evaluations rule = new Evaluations("lost").loaded();
        rule.beat("a", 1, 1);
        rule.remove("a", Kind.LOST);
        assertThat(rule.now()).containsExactly(Map.entry("uid-a", new Violation("uid-a", "a", 0, "a: lost")));
        assertThat(rule.reasonToResolve("a")).isNull();

        rule.joins("a");

        assertThat(rule.now()).isEmpty();
        assertThat(rule.reasonToResolve("a")).isEqualTo("the node is back");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LEFT", "RESTARTED"})
    void otherDepartures_areNotViolations(Kind kind) {
        Evaluations rule = new Evaluations("lost").loaded();
        rule.beat("a", 1, 1);
        rule.remove("a", kind);

        assertThat(rule.now()).isEmpty();
    }

    @Test
    void lossOfAnotherName_isIgnored() {
        Evaluations rule = new Evaluations("lost node=chat_*").loaded();
        rule.beat("web_1", 1, 1);
        rule.remove("web_1", Kind.LOST);

        assertThat(rule.now()).isEmpty();
    }

    @Test
    void loss_endsAfterAnHour() {
        Evaluations rule = new Evaluations("lost").loaded();
        rule.beat("a", 1, 1);
        rule.remove("a", Kind.LOST);
        rule.now();
        Alert alert = rule.alert("a");

        assertThat(rule.after(Duration.ofHours(1))).containsKey("uid-a");
        assertThat(rule.after(Duration.ofNanos(1))).isEmpty();
        assertThat(RuleEvaluator.forRule(new Rule("r", new Condition.LostNode(Glob.ANY), "warning"))
                        .reasonToResolve(alert))
                .as("before the first evaluation")
                .isNull();
    }

    @Test
    void nodeCount_belowThresholdForTheMinimumDuration_isViolated() {
        Evaluations rule = new Evaluations("nodes < 2 for 30s").loaded();
        rule.beat("a", 1, 1);

        assertThat(rule.now()).isEmpty();
        assertThat(rule.after(Duration.ofMillis(29_999))).isEmpty();
        assertThat(rule.after(Duration.ofMillis(1)).get(""))
                .isEqualTo(new Violation("", "", 1, "1 node (nodes < 2 for 30s)"));
        assertThat(rule.reasonToResolve("")).isNull();
    }

    @Test
    void nodeCount_recoversInBetween_restartsTheDuration() {
        Evaluations rule = new Evaluations("nodes < 2 for 30s").loaded();
        rule.beat("a", 1, 1);
        rule.now();
        rule.beat("b", 1, 1);
        assertThat(rule.after(Duration.ofSeconds(20))).isEmpty();
        assertThat(rule.reasonToResolve("")).isEqualTo("2 nodes");
        rule.remove("b", Kind.LEFT);
        rule.after(Duration.ofSeconds(1));

        assertThat(rule.after(Duration.ofSeconds(29))).isEmpty();
        assertThat(rule.after(Duration.ofSeconds(1))).containsKey("");
    }

    @Test
    void nodeCount_ofAViewThatWasNeverLoaded_isUnknown() {
        Evaluations rule = new Evaluations("nodes < 2");

        assertThat(rule.now()).isEmpty();
        assertThat(rule.reasonToResolve("")).isNull();
    }

    @Test
    void nodeCount_countsMatchingNames() {
        Evaluations rule = new Evaluations("nodes < 2 node=chat_*").loaded();
        rule.beat("chat_1", 1, 1);
        rule.beat("web_1", 1, 1);

        assertThat(rule.now().get("").value()).isEqualTo(1);
    }

    @Test
    void absentLabel_needsTheExactValue() {
        Evaluations rule = new Evaluations("absent label=zone=eu").loaded();
        rule.beat("a", 1, 1, false, Map.of("zone", "eu-1", "region", "eu"));
        assertThat(rule.now().get("").summary()).isEqualTo("0 nodes (absent label=zone=eu)");

        rule.beat("a", 2, 1, false, Map.of("zone", "eu"));

        assertThat(rule.now()).isEmpty();
        assertThat(rule.reasonToResolve("")).isEqualTo("1 node");
    }

    @Test
    void nodeField_isViolatedAfterConsecutiveWindows_repeatedBeatsDoNotCount() {
        Evaluations rule = new Evaluations("num_clients > 10 for 2 windows").loaded();
        rule.beat("a", 1, 11);
        rule.now();
        rule.beat("a", 1, 12);
        assertThat(rule.now()).as("the same window").isEmpty();

        rule.beat("a", 2, 13);

        assertThat(rule.now())
                .containsExactly(Map.entry(
                        "uid-a",
                        new Violation("uid-a", "a", 13, "a: num_clients 13 (num_clients > 10 for 2 windows)")));
    }

    @Test
    void nodeField_normalWindow_resetsTheCount() {
        Evaluations rule = new Evaluations("num_clients > 10 for 2 windows").loaded();
        for (int window = 1; window < 20; window++) {
            rule.beat("a", window, window % 2 == 0 ? 11 : 10);
            assertThat(rule.now()).isEmpty();
        }
        assertThat(rule.reasonToResolve("a")).isEqualTo("num_clients 10");
    }

    @Test
    void nodeField_nodeDeparts_isResolvedWithTheReasonOfTheDeparture() {
        Evaluations rule = new Evaluations("num_clients > 10").loaded();
        rule.beat("a", 1, 11);
        rule.beat("b", 1, 11);
        assertThat(rule.now()).containsOnlyKeys("uid-a", "uid-b");
        rule.remove("a", Kind.LOST);
        rule.remove("b", Kind.LEFT);

        assertThat(rule.now()).isEmpty();
        assertThat(rule.reasonToResolve("a")).isEqualTo("the node is lost");
        assertThat(rule.reasonToResolve("b")).isEqualTo("the node is gone");
    }

    /** The rules were changed while its alert was firing. */
    @ParameterizedTest
    @ValueSource(strings = {"num_clients > 10 node=b", "age > 10s node=b", "outlier node=b"})
    void nodeNoLongerMatchesTheRule_isResolved(String condition) {
        Evaluations rule = new Evaluations(condition).loaded();
        rule.beat("a", 1, 11);

        assertThat(rule.now()).isEmpty();
        assertThat(rule.reasonToResolve("a")).isEqualTo("the rule no longer matches the node");
    }

    @Test
    void median_excludesOtherKindsAndDrainingNodes() {
        Evaluations rule = new Evaluations("num_clients >= 2x median").loaded();
        for (String peer : List.of("b", "c", "d")) {
            rule.beat(peer, 1, 10);
            rule.beat("big-" + peer, 1, 1_000, false, Map.of("kind", "big"));
        }
        rule.beat("a", 1, 20);
        rule.beat("draining", 1, 500, true, Map.of());

        assertThat(rule.now()).containsOnlyKeys("uid-a");
        assertThat(rule.violations().get("uid-a").summary()).startsWith("a: num_clients 20, 2.0x the median 10 (");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void median_ofTooFewPeers_isUnknown(int peers) {
        Evaluations rule = new Evaluations("num_clients > 2x median").loaded();
        for (int i = 0; i < peers; i++) {
            rule.beat("n" + i, 1, i == 0 ? 1_000 : 1);
        }

        assertThat(rule.now()).isEmpty();
    }

    @Test
    void change_isRelativeToTheExtremeOfThePreviousWindows() {
        Evaluations rule = new Evaluations("num_clients falls > 30% within 2 windows").loaded();
        long[] clients = {100, 90, 71, 62, 70, 49};
        boolean[] violated = {false, false, false, true, false, false};
        for (int window = 0; window < clients.length; window++) {
            rule.beat("a", window, clients[window]);
            assertThat(rule.now().containsKey("uid-a")).as("window " + window).isEqualTo(violated[window]);
        }
    }

    @Test
    void change_fromZero_isNotARise() {
        Evaluations rule = new Evaluations("num_clients rises > 1% within 3 windows").loaded();
        rule.beat("a", 1, 0);
        rule.now();
        rule.beat("a", 2, 1_000_000);

        assertThat(rule.now()).isEmpty();
    }

    @Test
    void change_afterANodeReturns_isUnknownAtFirst() {
        Evaluations rule = new Evaluations("num_clients falls > 30% within 2 windows").loaded();
        rule.beat("a", 1, 100);
        rule.now();
        rule.remove("a", Kind.LOST);
        rule.now();
        rule.beat("a", 2, 10);

        assertThat(rule.now()).isEmpty();
    }

    @Test
    void clusterTotal_isEvaluatedOncePerWindow() {
        Evaluations rule = new Evaluations("cluster num_clients > 10 for 2 windows").loaded();
        rule.beat("a", 1, 6);
        rule.beat("b", 1, 6);
        assertThat(rule.now()).isEmpty();
        assertThat(rule.after(Duration.ofSeconds(5))).as("the same window").isEmpty();

        assertThat(rule.afterAWindow().get(""))
                .isEqualTo(new Violation("", "", 12, "num_clients 12 (cluster num_clients > 10 for 2 windows)"));
        assertThat(rule.reasonToResolve("")).isNull();

        rule.beat("b", 2, 4);
        assertThat(rule.afterAWindow()).isEmpty();
        assertThat(rule.reasonToResolve("")).isEqualTo("num_clients 10");
    }

    @Test
    void clusterTotal_withoutNodesOrLoadedView_isUnknown() {
        Evaluations rule = new Evaluations("cluster num_clients < 10");
        rule.beat("a", 1, 6);
        assertThat(rule.now()).as("not loaded").isEmpty();
        rule.loaded();
        assertThat(rule.afterAWindow()).containsKey("");
        rule.remove("a", Kind.LEFT);

        assertThat(rule.afterAWindow()).as("no nodes").isEmpty();
        assertThat(rule.reasonToResolve("")).as("keeps firing").isNull();
    }

    @Test
    void beatAge_aboveTheThreshold_isViolatedUntilTheNextBeat() {
        Evaluations rule = new Evaluations("age > 10s").loaded();
        rule.beat("a", 1, 1);
        assertThat(rule.after(Duration.ofSeconds(10))).isEmpty();
        assertThat(rule.after(Duration.ofSeconds(2)).get("uid-a").summary())
                .isEqualTo("a: no beat for 12s (age > 10s)");

        rule.beat("a", 2, 1);

        assertThat(rule.now()).isEmpty();
        assertThat(rule.reasonToResolve("a")).isEqualTo("the node sends beats again");
    }

    @Test
    void outlier_isResolvedOnlyByAConclusiveReport() {
        Evaluations rule = new Evaluations("outlier").loaded();
        rule.beat("a", 1, 1);
        rule.outliers = OutlierReport.of(List.of(outlier("uid-a"), outlier("uid-gone")));
        assertThat(rule.now().get("uid-a"))
                .isEqualTo(new Violation("uid-a", "a", 7, "a: outlier: cpu_usage 3.5 × the median of 9 nodes"));
        assertThat(rule.violations()).doesNotContainKey("uid-gone");

        rule.outliers = OutlierReport.NONE;
        rule.now();
        assertThat(rule.reasonToResolve("a")).isNull();

        rule.outliers = OutlierReport.of(List.of());
        rule.now();
        assertThat(rule.reasonToResolve("a")).isEqualTo("like its peers again");
    }

    private static Outlier outlier(String uid) {
        return new Outlier(
                uid, "n", Indicator.CPU_USAGE, 7.4, 2, 3.5, 9, Outlier.Method.MEDIAN_DEVIATION, Instant.EPOCH);
    }

    @Test
    void staleAggregator_namesTheDisconnectedPartitions() {
        List<Rule> rules = AlertConfig.parse(Path.of("a"), "rule r stale > 1m\nrule l lost")
                .rules();
        RuleEvaluators part = RuleEvaluators.aboutThisAggregator(
                rules, new ViewStatus(true, Duration.ofSeconds(61), 4, 1), "one:7022");

        assertThat(part.byRule()).hasSize(1);
        assertThat(part.byRule().get(rules.get(0)).violationsByUid().get("").summary())
                .startsWith("aggregator one:7022 has not received 1 of 4 partitions from Redis for 1m");
    }

    @Test
    void staleAggregator_upToTheThreshold_isNotViolated() {
        List<Rule> rules = AlertConfig.parse(Path.of("a"), "rule r stale > 1m").rules();
        RuleEvaluator evaluator = RuleEvaluators.aboutThisAggregator(
                        rules, new ViewStatus(true, Duration.ofMinutes(1), 2, 2), "one")
                .byRule()
                .get(rules.get(0));

        assertThat(evaluator.violationsByUid()).isEmpty();
    }

    @Test
    void unchangedRules_keepTheirEvaluators() {
        List<Rule> rules = AlertConfig.parse(Path.of("a"), "rule a lost\nrule b nodes < 3\nrule c stale > 1m")
                .rules();
        List<Rule> changed =
                AlertConfig.parse(Path.of("a"), "rule b nodes < 4\nrule a lost").rules();
        RuleEvaluators before = RuleEvaluators.NONE.withRules(rules);

        RuleEvaluators after = before.withRules(changed);

        assertThat(before.byRule()).containsOnlyKeys(rules.get(0), rules.get(1));
        assertThat(after.byRule().keySet()).containsExactlyElementsOf(changed);
        assertThat(after.byRule().get(changed.get(1))).isSameAs(before.byRule().get(rules.get(0)));
    }
}
