// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.alert.evaluate.Alert;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The content of one request to the webhook.
 *
 * @param alerts alerts grouped by rule
 * @param deferred the number of alerts that follow in later notifications
 */
record Notification(List<Alert> alerts, int deferred) {

    static final int MAX_ALERTS = 500;
    private static final int MAX_NAMED_ALERTS = 5;

    Notification {
        alerts = List.copyOf(alerts);
    }

    /** Creates a notification about the first {@link #MAX_ALERTS} pending alerts. */
    static Notification of(List<Alert> pending) {
        int included = Math.min(MAX_ALERTS, pending.size());
        return new Notification(pending.subList(0, included), pending.size() - included);
    }

    /**
     * Returns the notification as UTF-8 JSON.
     *
     * @param namespace identifies the cluster
     * @param aggregator the name of the sending aggregator
     */
    byte[] toJson(String namespace, String aggregator, Instant now) {
        boolean isFiring = alerts.stream().anyMatch(alert -> !alert.isResolved());
        ObjectNode json = AlertmanagerJson.newObject()
                .put("version", "1")
                .put("status", isFiring ? "firing" : "resolved")
                .put("text", escape(String.join("\n", toLines())))
                .put("namespace", namespace)
                .put("aggregator", aggregator)
                .put("sentAt", now.toString());
        ArrayNode list = json.putArray("alerts");
        alerts.forEach(alert -> AlertmanagerJson.writeAlert(list.addObject(), alert));
        json.put("deferred", deferred);
        return AlertmanagerJson.toBytes(json);
    }

    /**
     * Returns the notification as text: one line per rule and state, with the first few alerts. Alerts that ended because their node is
     * lost are left out if there is another one: the loss is what people have to know.
     */
    List<String> toLines() {
        Map<String, List<Alert>> groups = new LinkedHashMap<>();
        boolean isOnlyLoss = alerts.stream().allMatch(Alert::isEndedByLoss);
        for (Alert alert : alerts) {
            if (alert.isEndedByLoss() && !isOnlyLoss) {
                continue;
            }
            String group = (alert.isResolved() ? "RESOLVED " : "FIRING ") + alert.rule();
            groups.computeIfAbsent(group, absent -> new ArrayList<>()).add(alert);
        }
        List<String> lines = new ArrayList<>();
        groups.forEach((group, members) -> {
            List<String> summaries = new ArrayList<>();
            members.stream().limit(MAX_NAMED_ALERTS).map(Notification::summary).forEach(summaries::add);
            if (members.size() > MAX_NAMED_ALERTS) {
                summaries.add("and " + (members.size() - MAX_NAMED_ALERTS) + " more");
            }
            lines.add(group + " (" + members.size() + "): " + String.join("; ", summaries));
        });
        if (deferred > 0) {
            lines.add(deferred + " more follow");
        }
        return lines;
    }

    private static String summary(Alert alert) {
        String summary = alert.violation().summary();
        return alert.isResolved() ? summary + ", reason: " + alert.reason() : summary;
    }

    /** Escapes the characters with which Slack marks links and mentions such as {@code <!channel>}. */
    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
