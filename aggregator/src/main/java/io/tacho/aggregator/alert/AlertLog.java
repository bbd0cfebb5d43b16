// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what has begun and what is over in the log; those of one rule in one line. */
final class AlertLog {

    private static final Logger logger = LoggerFactory.getLogger(AlertLog.class);

    private AlertLog() {}

    static void say(Map<String, Alert> before, Map<String, Alert> after, Reconciler reconciler, Instant now) {
        List<Alert> begun = new ArrayList<>();
        List<Alert> over = new ArrayList<>();
        List<Alert> silenced = new ArrayList<>();
        for (Alert alert : new TreeMap<>(after).values()) {
            Alert known = before.get(alert.key());
            boolean isNews = known == null || !known.id().equals(alert.id()) || known.isOver() != alert.isOver();
            if (isNews) {
                (alert.isOver() ? over : reconciler.isSilenced(alert, now) ? silenced : begun).add(alert);
            }
        }
        lines(begun).forEach(line -> logger.warn("alert {}", line));
        lines(silenced).forEach(line -> logger.info("alert, silenced, {}", line));
        lines(over).forEach(line -> logger.info("alert {}", line));
    }

    private static List<String> lines(List<Alert> alerts) {
        return new Message(alerts, 0).lines();
    }
}
