// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import io.tacho.aggregator.alert.evaluate.Alert;
import io.tacho.aggregator.alert.rule.AlertConfig;
import io.tacho.aggregator.alert.rule.Silence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The alerts after one evaluation: the number of firing alerts of each rule, whether rules are configured, the silences, and the last
 * delivery attempts.
 *
 * @param isLeader true if this aggregator sends the notifications
 * @param truncatedAlerts the number of violations without an alert because there are too many alerts
 * @param silencedKeys the keys of the silenced alerts
 * @param silences all silences with their states, in the order of the file
 * @param recentDeliveries the last delivery attempts of this aggregator, newest first
 * @param deliveredCount the number of notifications that the webhook has accepted
 * @param failedCount the number of failed attempts to deliver a notification
 */
public record AlertSummary(
        AlertConfig rules,
        boolean isLeader,
        int truncatedAlerts,
        List<Alert> alerts,
        Set<String> silencedKeys,
        Map<Silence, Silence.State> silences,
        List<DeliveryAttempt> recentDeliveries,
        long deliveredCount,
        long failedCount) {

    static final AlertSummary NONE =
            new AlertSummary(AlertConfig.NONE, false, 0, List.of(), Set.of(), Map.of(), List.of(), 0, 0);

    /** The number of firing alerts of a rule, by whether they are silenced. */
    public record FiringCount(long active, long silenced) {

        private FiringCount merge(FiringCount other) {
            return new FiringCount(active + other.active, silenced + other.silenced);
        }
    }

    /** {@return true if there are alert rules} */
    public boolean hasRules() {
        return !rules.isEmpty();
    }

    /** Returns the number of firing alerts by the name of the rule. */
    public Map<String, FiringCount> firingCounts() {
        Map<String, FiringCount> firing = new LinkedHashMap<>();
        rules.rules().forEach(rule -> firing.put(rule.name(), new FiringCount(0, 0)));
        for (Alert alert : alerts) {
            if (!alert.isResolved()) {
                boolean isSilenced = silencedKeys.contains(alert.key());
                firing.merge(
                        alert.rule(), isSilenced ? new FiringCount(0, 1) : new FiringCount(1, 0), FiringCount::merge);
            }
        }
        return firing;
    }
}
