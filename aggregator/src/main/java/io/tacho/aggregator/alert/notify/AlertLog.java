// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import io.tacho.aggregator.alert.evaluate.Alert;
import io.tacho.aggregator.alert.evaluate.AlertReconciler;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs alerts that have started or were resolved, one line per rule and state. */
final class AlertLog {

    private static final Logger logger = LoggerFactory.getLogger(AlertLog.class);

    private AlertLog() {}

    /** Logs the differences between the alerts before and after an evaluation. */
    static void logChanges(
            Map<String, Alert> before, Map<String, Alert> after, AlertReconciler reconciler, Instant now) {
        List<Alert> started = new ArrayList<>();
        List<Alert> resolved = new ArrayList<>();
        List<Alert> silenced = new ArrayList<>();
        for (Alert alert : new TreeMap<>(after).values()) {
            Alert known = before.get(alert.key());
            boolean hasChanged =
                    known == null || !known.id().equals(alert.id()) || known.isResolved() != alert.isResolved();
            if (hasChanged) {
                (alert.isResolved() ? resolved : reconciler.isSilenced(alert, now) ? silenced : started).add(alert);
            }
        }
        formatLines(started).forEach(line -> logger.warn("alert {}", line));
        formatLines(silenced).forEach(line -> logger.info("alert, silenced, {}", line));
        formatLines(resolved).forEach(line -> logger.info("alert {}", line));
    }

    /** Returns one line of text per rule and status. */
    private static List<String> formatLines(List<Alert> alerts) {
        return new Notification(alerts, 0).toLines();
    }
}
