// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.alert.evaluate.Alert;
import io.tacho.aggregator.alert.evaluate.Violation;
import io.tacho.aggregator.alert.rule.Silence;
import io.tacho.aggregator.alert.rule.WebhookUrl;
import java.io.UncheckedIOException;

/** Writes alerts as JSON with the terms of Prometheus Alertmanager, for notifications and {@code /alerts}. */
final class AlertmanagerJson {

    private static final JsonMapper MAPPER = new JsonMapper();

    private AlertmanagerJson() {}

    /** Returns the response body of {@code /alerts}, UTF-8. */
    static byte[] alertsResponse(AlertStatus status) {
        ObjectNode body = newObject()
                .put("configured", status.hasRules())
                .put("leader", status.isLeader())
                .put(
                        "firing",
                        status.alerts().stream()
                                .filter(alert -> !alert.isResolved())
                                .count())
                .put("truncatedAlerts", status.truncatedAlerts());
        ArrayNode alerts = body.putArray("alerts");
        for (Alert alert : status.alerts()) {
            writeAlert(alerts.addObject(), alert)
                    .put("notified", alert.notified())
                    .put("silenced", status.silencedKeys().contains(alert.key()));
        }
        ArrayNode rules = body.putArray("rules");
        status.config()
                .rules()
                .forEach(rule -> rules.addObject()
                        .put("name", rule.name())
                        .put("condition", rule.condition().toString()));
        ArrayNode silences = body.putArray("silences");
        status.silences().forEach((silence, state) -> writeSilence(silences.addObject(), silence, state));
        WebhookUrl webhook = status.config().webhook();
        if (webhook != null) {
            body.put("webhook", webhook.toString());
        }
        ArrayNode notifications = body.putArray("notifications");
        status.recentAttempts().forEach(delivery -> writeAttempt(notifications.addObject(), delivery));
        return toBytes(body);
    }

    /** Writes an alert with its labels and annotations into a JSON object, and returns this object. */
    static ObjectNode writeAlert(ObjectNode json, Alert alert) {
        Violation violation = alert.violation();
        json.put("id", alert.id()).put("status", alert.isResolved() ? "resolved" : "firing");
        ObjectNode labels = json.putObject("labels").put("alertname", alert.rule());
        if (!violation.node().isEmpty()) {
            labels.put("node", violation.node());
        }
        if (!violation.uid().isEmpty()) {
            labels.put("uid", violation.uid());
        }
        json.putObject("annotations").put("summary", violation.summary());
        json.put("value", violation.value()).put("startsAt", alert.startsAt().toString());
        if (alert.endsAt() != null) {
            json.put("endsAt", alert.endsAt().toString()).put("reason", alert.reason());
        }
        return json;
    }

    private static void writeSilence(ObjectNode json, Silence silence, Silence.State state) {
        ArrayNode matchers = json.putArray("matchers");
        matchers.addObject()
                .put("name", "alertname")
                .put("value", silence.ruleNames().pattern());
        matchers.addObject()
                .put("name", "node")
                .put("value", silence.nodeNames().pattern());
        if (silence.startsAt() != null) {
            json.put("startsAt", silence.startsAt().toString());
        }
        json.put("endsAt", silence.endsAt().toString());
        json.putObject("status").put("state", state.toString());
    }

    private static void writeAttempt(ObjectNode json, DeliveryAttempt delivery) {
        json.put("sentAt", delivery.sentAt().toString())
                .put("alerts", delivery.alertCount())
                .put("delivered", delivery.isDelivered());
        if (delivery.statusCode() != 0) {
            json.put("statusCode", delivery.statusCode());
        }
        if (!delivery.isDelivered()) {
            json.put("error", delivery.error());
        }
    }

    /** Returns an empty JSON object. */
    static ObjectNode newObject() {
        return MAPPER.createObjectNode();
    }

    /** Returns a JSON object as UTF-8 text. */
    static byte[] toBytes(ObjectNode json) {
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            // an object node always has a JSON form
            throw new UncheckedIOException(e);
        }
    }
}
