// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.alert.rule.Rule;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Converts alerts to and from the JSON of the alert store. */
final class StoredAlertJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StoredAlertJson() {}

    /** Returns an alert as JSON text. */
    static String toJson(Alert alert) {
        Violation violation = alert.violation();
        ObjectNode json = MAPPER.createObjectNode()
                .put("id", alert.id())
                .put("rule", alert.rule())
                .put("severity", alert.severity())
                .put("uid", violation.uid())
                .put("node", violation.node())
                .put("value", violation.value())
                .put("summary", violation.summary())
                .put("startsAt", alert.startsAt().toString())
                .put("notified", alert.notified());
        if (alert.endsAt() != null) {
            json.put("endsAt", alert.endsAt().toString()).put("reason", alert.reason());
        }
        return json.toString();
    }

    /** Parses a stored alert; returns empty if it is invalid. */
    static Optional<Alert> fromJson(String entry) {
        try {
            JsonNode json = MAPPER.readTree(entry);
            if (!json.path("id").isTextual() || !json.path("rule").isTextual()) {
                return Optional.empty();
            }
            Violation violation = new Violation(
                    json.path("uid").asText(),
                    json.path("node").asText(),
                    json.path("value").asLong(),
                    json.path("summary").asText());
            @Nullable
            Instant endsAt =
                    json.has("endsAt") ? Instant.parse(json.path("endsAt").asText()) : null;
            return Optional.of(new Alert(
                    json.path("id").asText(),
                    json.path("rule").asText(),
                    json.path("severity").asText(Rule.DEFAULT_SEVERITY),
                    violation,
                    Instant.parse(json.path("startsAt").asText()),
                    json.path("notified").asBoolean(),
                    endsAt,
                    json.path("reason").asText()));
        } catch (JsonProcessingException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
