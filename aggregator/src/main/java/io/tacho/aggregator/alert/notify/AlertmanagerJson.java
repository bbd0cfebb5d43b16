// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.alert.evaluate.Alert;
import io.tacho.aggregator.alert.evaluate.Violation;
import io.tacho.aggregator.alert.rule.ReceiverUrl;
import io.tacho.aggregator.alert.rule.Silence;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
        status.storedSilences().forEach((stored, state) -> {
            ObjectNode silence = silences.addObject().put("id", stored.id()).put("comment", stored.comment());
            writeSilence(silence, stored.silence(), state);
        });
        ReceiverUrl webhook = status.config().webhook();
        if (webhook != null) {
            body.put("webhook", webhook.toString());
        }
        ArrayNode alertmanagers = body.putArray("alertmanagers");
        status.config().alertmanagers().forEach(url -> alertmanagers.add(url.toString()));
        ArrayNode notifications = body.putArray("notifications");
        status.recentAttempts().forEach(delivery -> writeAttempt(notifications.addObject(), delivery));
        return toBytes(body);
    }

    /**
     * Returns the body of a request to {@code /api/v2/alerts} of an Alertmanager, UTF-8. The labels are the same at every aggregator.
     * A firing alert has no end, so that the Alertmanager determines it with its own clock.
     *
     * @param clusterName the label that identifies the cluster
     * @param externalUrl the base URL of the dashboard; null if it is unknown
     */
    static byte[] postedAlerts(List<Alert> alerts, String clusterName, @Nullable URI externalUrl) {
        ArrayNode body = MAPPER.createArrayNode();
        for (Alert alert : alerts) {
            Violation violation = alert.violation();
            ObjectNode json = body.addObject();
            writeLabels(json, alert).put("cluster", clusterName);
            ObjectNode annotations = json.putObject("annotations").put("summary", violation.summary());
            json.put("startsAt", alert.startsAt().toString());
            if (alert.endsAt() != null) {
                annotations.put("reason", alert.reason());
                json.put("endsAt", alert.endsAt().toString());
            }
            if (externalUrl != null) {
                json.put(
                        "generatorURL",
                        violation.uid().isEmpty()
                                ? externalUrl.toString()
                                : externalUrl + "?node=" + URLEncoder.encode(violation.uid(), UTF_8));
            }
        }
        return toBytes(body);
    }

    private static ObjectNode writeLabels(ObjectNode json, Alert alert) {
        Violation violation = alert.violation();
        ObjectNode labels =
                json.putObject("labels").put("alertname", alert.rule()).put("severity", alert.severity());
        if (!violation.node().isEmpty()) {
            labels.put("node", violation.node());
        }
        if (!violation.uid().isEmpty()) {
            labels.put("uid", violation.uid());
        }
        return labels;
    }

    /** Writes an alert with its labels and annotations into a JSON object, and returns this object. */
    static ObjectNode writeAlert(ObjectNode json, Alert alert) {
        Violation violation = alert.violation();
        json.put("id", alert.id()).put("status", alert.isResolved() ? "resolved" : "firing");
        writeLabels(json, alert);
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
                .put("receiver", delivery.receiver())
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

    /** Returns JSON as UTF-8 text. */
    static byte[] toBytes(JsonNode json) {
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            // a tree always has a JSON form
            throw new UncheckedIOException(e);
        }
    }
}
