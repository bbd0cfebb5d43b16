// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.Rule;
import io.tacho.aggregator.alert.rule.Silence;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Starts and resolves alerts, so that there is a firing alert for each current violation.
 *
 * @param sentResolutions the ids of the alerts whose resolution the webhook may have received; they are not reopened
 */
public record AlertReconciler(List<Silence> silences, Set<String> sentResolutions) {

    /** The maximum number of alerts that are kept at a time. */
    static final int MAX_ALERTS = 1_000;

    /** The time after which a resolved alert is deleted even if its resolution was not notified. */
    public static final Duration RESOLVED_RETENTION = Duration.ofHours(1);

    /** Returns true if an active silence matches the alert. */
    public boolean isSilenced(Alert alert, Instant now) {
        return silences.stream()
                .anyMatch(silence ->
                        silence.appliesTo(alert.rule(), alert.violation().node(), now));
    }

    /**
     * Adds an alert for each new violation, resolves alerts without a violation, deletes old resolved alerts, and returns how many
     * violations got no alert.
     *
     * @return the number of violations without an alert, because there are {@link #MAX_ALERTS} alerts
     */
    public int reconcile(AlertChangeSet changes, RuleEvaluators evaluators, Instant now) {
        int truncated = 0;
        Set<String> violatedKeys = new HashSet<>();
        Map<String, RuleEvaluator> evaluatorByRule = new HashMap<>();
        for (Map.Entry<Rule, RuleEvaluator> entry : evaluators.byRule().entrySet()) {
            Rule rule = entry.getKey();
            evaluatorByRule.put(rule.name(), entry.getValue());
            List<Violation> violations = entry.getValue().violationsByUid().values().stream()
                    .sorted(Comparator.comparing(Violation::node).thenComparing(Violation::uid))
                    .toList();
            for (Violation violation : violations) {
                violatedKeys.add(Alert.key(rule.name(), violation.uid()));
                truncated += startAlert(changes, rule, violation, now) ? 0 : 1;
            }
        }
        for (Alert alert : changes.allAlerts()) {
            if (alert.endsAt() != null) {
                if (Duration.between(alert.endsAt(), now).compareTo(RESOLVED_RETENTION) > 0) {
                    changes.remove(alert);
                }
            } else if (!violatedKeys.contains(alert.key())) {
                resolveAlert(changes, alert, evaluatorByRule.get(alert.rule()), now);
            }
        }
        return truncated;
    }

    /**
     * Starts or reopens the alert of a violation, or replaces it by a new one if its resolution was sent; returns false if there are too
     * many alerts.
     */
    private boolean startAlert(AlertChangeSet changes, Rule rule, Violation violation, Instant now) {
        Alert known = changes.get(Alert.key(rule.name(), violation.uid()));
        if (known != null && !sentResolutions.contains(known.id())) {
            if (known.isResolved()) {
                changes.put(known.reopened());
            }
            return true;
        }
        if (known == null && changes.size() >= MAX_ALERTS) {
            return false;
        }
        changes.put(Alert.firing(UUID.randomUUID().toString(), rule, violation, now));
        return true;
    }

    private void resolveAlert(AlertChangeSet changes, Alert alert, @Nullable RuleEvaluator evaluator, Instant now) {
        String reason = evaluator == null ? "the rule was removed" : evaluator.reasonToResolve(alert);
        if (reason == null) {
            return;
        }
        if (!alert.notified() && isSilenced(alert, now)) {
            changes.remove(alert);
        } else {
            changes.put(alert.asResolved(now, reason));
        }
    }
}
