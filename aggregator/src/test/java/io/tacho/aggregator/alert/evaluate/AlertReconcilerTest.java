// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.alert.rule.Condition;
import io.tacho.aggregator.alert.rule.Rule;
import io.tacho.aggregator.alert.rule.Silence;
import io.tacho.text.Glob;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertReconcilerTest {

    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
    private static final Rule RULE = new Rule("rule", new Condition.LostNode(Glob.ANY), "critical");
    private static final Silence SILENCE = new Silence(Glob.ANY, new Glob("n-a"), null, START.plusSeconds(60));

    private final Violations violations = new Violations();
    private final RuleEvaluators evaluators = new RuleEvaluators(Map.of(RULE, violations));
    private final AlertReconciler reconciler = new AlertReconciler(List.of(), Set.of());
    private AlertChangeSet changes = new AlertChangeSet(Map.of());

    /** Violations that the test sets. */
    private static final class Violations implements RuleEvaluator {

        private final Map<String, Violation> byUid = new HashMap<>();
        private String reason = "normal again";

        void add(String uid) {
            byUid.put(uid, new Violation(uid, "n-" + uid, 1, "text"));
        }

        @Override
        public void evaluate(EvaluationContext context) {}

        @Override
        public Map<String, Violation> violationsByUid() {
            return byUid;
        }

        @Override
        public String reasonToResolve(Alert alert) {
            return reason;
        }
    }

    private int reconcile(Instant now) {
        return reconciler.reconcile(changes, evaluators, now);
    }

    private Alert alert(String uid) {
        return changes.get("rule/" + uid);
    }

    @Test
    void violation_startsAnAlertOnce() {
        violations.add("a");
        reconcile(START);
        Alert first = alert("a");
        reconcile(START.plusSeconds(1));

        assertThat(first)
                .isEqualTo(new Alert(
                        first.id(), "rule", "critical", new Violation("a", "n-a", 1, "text"), START, false, null, ""));
        assertThat(changes.allAlerts()).containsExactly(first);
    }

    @Test
    void violationEnds_resolvesTheAlert() {
        violations.add("a");
        reconcile(START);
        violations.byUid.clear();
        reconcile(START.plusSeconds(5));

        assertThat(alert("a").endsAt()).isEqualTo(START.plusSeconds(5));
        assertThat(alert("a").reason()).isEqualTo("normal again");
    }

    @Test
    void alertWithoutResolveReason_keepsFiring() {
        violations.add("a");
        reconcile(START);
        violations.byUid.clear();
        violations.reason = null;
        reconcile(START.plusSeconds(5));

        assertThat(alert("a").isResolved()).isFalse();
    }

    @Test
    void violationBeforeTheResolutionIsNotified_reopensTheSameAlert() {
        violations.add("a");
        reconcile(START);
        Alert first = alert("a");
        violations.byUid.clear();
        reconcile(START.plusSeconds(5));
        violations.add("a");
        reconcile(START.plusSeconds(6));

        assertThat(alert("a")).isEqualTo(first);
    }

    /** The alert may still be stored as firing, or it was reopened before its resolution was sent. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void violationAfterTheResolutionWasSent_isANewAlert(boolean resolved) {
        violations.add("a");
        reconcile(START);
        changes.markNotified(alert("a"));
        Alert first = alert("a");
        changes.put(resolved ? first.asResolved(START, "normal again") : first);
        violations.byUid.put("a", new Violation("a", "n-a", 2, "second"));
        new AlertReconciler(List.of(), Set.of(first.id())).reconcile(changes, evaluators, START.plusSeconds(6));

        assertThat(alert("a").id()).isNotEqualTo(first.id());
        assertThat(alert("a").violation().summary()).isEqualTo("second");
        assertThat(alert("a").startsAt()).isEqualTo(START.plusSeconds(6));
        assertThat(alert("a").notified()).isFalse();
        assertThat(alert("a").isResolved()).isFalse();
    }

    @Test
    void violationAfterTheResolutionWasSent_isANewAlert_evenIfThereIsRoomForNone() {
        IntStream.range(0, AlertReconciler.MAX_ALERTS).forEach(i -> violations.add("%04d".formatted(i)));
        reconcile(START);
        String first = alert("0000").id();

        assertThat(new AlertReconciler(List.of(), Set.of(first)).reconcile(changes, evaluators, START))
                .isZero();
        assertThat(alert("0000").id()).isNotEqualTo(first);
    }

    @Test
    void alertOfARemovedRule_isResolved() {
        violations.add("a");
        reconcile(START);
        reconciler.reconcile(changes, RuleEvaluators.NONE, START.plusSeconds(1));

        assertThat(alert("a").reason()).isEqualTo("the rule was removed");
    }

    @Test
    void resolvedAlert_isDeletedAfterAnHour() {
        violations.add("a");
        reconcile(START);
        violations.byUid.clear();
        reconcile(START);
        reconcile(START.plus(Duration.ofHours(1)));
        assertThat(alert("a")).isNotNull();

        reconcile(START.plus(Duration.ofHours(1)).plusNanos(1));

        assertThat(changes.allAlerts()).isEmpty();
    }

    @Test
    void silencedAlert_thatWasNotNotified_endsWithoutAResolution() {
        AlertReconciler silenced = new AlertReconciler(List.of(SILENCE), Set.of());
        violations.add("a");
        violations.add("b");
        silenced.reconcile(changes, evaluators, START);
        violations.byUid.clear();
        silenced.reconcile(changes, evaluators, START.plusSeconds(1));

        assertThat(changes.allAlerts()).extracting(Alert::key).containsExactly("rule/b");
    }

    @Test
    void silencedAlert_thatWasNotified_isResolved() {
        violations.add("a");
        reconcile(START);
        changes.markNotified(alert("a"));
        violations.byUid.clear();
        new AlertReconciler(List.of(SILENCE), Set.of()).reconcile(changes, evaluators, START.plusSeconds(1));

        assertThat(alert("a").isResolved()).isTrue();
        assertThat(alert("a").notified()).isTrue();
    }

    @Test
    void silence_appliesToItsNodeAndTime() {
        AlertReconciler silenced = new AlertReconciler(List.of(SILENCE), Set.of());
        Alert a = Alert.firing("1", RULE, new Violation("a", "n-a", 0, ""), START);
        Alert b = Alert.firing("2", RULE, new Violation("b", "n-b", 0, ""), START);

        assertThat(silenced.isSilenced(a, START)).isTrue();
        assertThat(silenced.isSilenced(b, START)).isFalse();
        assertThat(silenced.isSilenced(a, START.plusSeconds(60))).isFalse();
    }

    @Test
    void tooManyViolations_startAlertsInNameOrder_andCountTheRest() {
        IntStream.range(0, AlertReconciler.MAX_ALERTS + 3).forEach(i -> violations.add("%04d".formatted(i)));

        assertThat(reconcile(START)).isEqualTo(3);
        assertThat(changes.size()).isEqualTo(AlertReconciler.MAX_ALERTS);
        assertThat(alert("0999")).isNotNull();
        assertThat(alert("1000")).isNull();
        assertThat(reconcile(START.plusSeconds(1))).as("still firing").isEqualTo(3);
    }

    /** Compares many steps with a model: one alert per violated uid, resolved ones stay for an hour. */
    @Test
    void randomViolations_matchTheModel() {
        Random random = new Random(3);
        Map<String, Instant> endByUid = new HashMap<>();
        Instant now = START;
        for (int step = 0; step < 500; step++) {
            now = now.plus(Duration.ofMinutes(random.nextInt(30)));
            violations.byUid.clear();
            for (int uid = 0; uid < 8; uid++) {
                if (random.nextBoolean()) {
                    violations.add("u" + uid);
                }
            }
            Instant time = now;
            endByUid.replaceAll((uid, end) ->
                    violations.byUid.containsKey(uid) ? Instant.MAX : end.equals(Instant.MAX) ? time : end);
            violations.byUid.keySet().forEach(uid -> endByUid.put(uid, Instant.MAX));
            endByUid.values()
                    .removeIf(end -> !end.equals(Instant.MAX)
                            && Duration.between(end, time).compareTo(Duration.ofHours(1)) > 0);

            reconcile(now);

            Map<String, Instant> actual = new HashMap<>();
            changes.allAlerts()
                    .forEach(alert ->
                            actual.put(alert.violation().uid(), alert.endsAt() == null ? Instant.MAX : alert.endsAt()));
            assertThat(actual).as("step " + step).isEqualTo(endByUid);
            changes = new AlertChangeSet(changes.alertsByKey());
        }
    }
}
