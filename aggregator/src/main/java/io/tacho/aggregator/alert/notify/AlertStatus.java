// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import io.tacho.aggregator.alert.evaluate.Alert;
import io.tacho.aggregator.alert.evaluate.StoredSilence;
import io.tacho.aggregator.alert.rule.AlertConfig;
import io.tacho.aggregator.alert.rule.Silence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The result of one evaluation: all alerts, which of them are silenced, and the last attempts to deliver notifications.
 *
 * @param config the rules, silences and webhook that were used
 * @param isLeader true if this aggregator sends the notifications
 * @param truncatedAlerts the number of violations without an alert because there are too many alerts
 * @param alerts all alerts, by rule
 * @param silencedKeys the keys of the silenced alerts
 * @param silences all silences with their states, in the order of the file
 * @param storedSilences the silences that were created by the API, with their states
 * @param recentAttempts the last delivery attempts of this aggregator, newest first
 * @param deliveredCount the number of notifications that the webhook has accepted
 * @param failedCount the number of failed attempts to deliver a notification
 */
public record AlertStatus(
        AlertConfig config,
        boolean isLeader,
        int truncatedAlerts,
        List<Alert> alerts,
        Set<String> silencedKeys,
        Map<Silence, Silence.State> silences,
        Map<StoredSilence, Silence.State> storedSilences,
        List<DeliveryAttempt> recentAttempts,
        long deliveredCount,
        long failedCount) {

    static final AlertStatus NONE =
            new AlertStatus(AlertConfig.NONE, false, 0, List.of(), Set.of(), Map.of(), Map.of(), List.of(), 0, 0);

    /** The number of firing alerts of a rule, by whether they are silenced. */
    public record FiringCount(long active, long silenced) {

        private FiringCount merge(FiringCount other) {
            return new FiringCount(active + other.active, silenced + other.silenced);
        }
    }

    /** {@return true if there are alert rules} */
    public boolean hasRules() {
        return !config.rules().isEmpty();
    }

    /** Returns the number of firing alerts of each rule, by its name. */
    public Map<String, FiringCount> firingCounts() {
        Map<String, FiringCount> firing = new LinkedHashMap<>();
        config.rules().forEach(rule -> firing.put(rule.name(), new FiringCount(0, 0)));
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
