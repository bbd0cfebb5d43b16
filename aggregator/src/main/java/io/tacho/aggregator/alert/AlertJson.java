// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.api.ApiJson;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Alerts as JSON: how they stand in the ledger, and what of them is told. */
final class AlertJson {

    private AlertJson() {}

    /** The form of the ledger. */
    static String write(Alert alert) {
        return new String(ApiJson.write(describe(ApiJson.object(), alert).put("told", alert.told())), UTF_8);
    }

    /** Adds what is told of an alert everywhere; what it does not have is left out. */
    static ObjectNode describe(ObjectNode json, Alert alert) {
        json.put("id", alert.id()).put("rule", alert.rule()).put("status", alert.isOver() ? "resolved" : "firing");
        if (!alert.uid().isEmpty()) {
            json.put("uid", alert.uid());
        }
        if (!alert.name().isEmpty()) {
            json.put("name", alert.name());
        }
        json.put("text", alert.text()).put("value", alert.value()).put("since_ms", alert.sinceMillis());
        if (alert.isOver()) {
            json.put("resolved_ms", alert.overMillis()).put("why", alert.why());
        }
        return json;
    }

    /** An entry of the ledger; empty if it is none of ours. */
    static Optional<Alert> read(String entry) {
        try {
            List<JsonNode> values = ApiJson.readAll(entry.getBytes(UTF_8));
            JsonNode json = values.size() == 1 ? values.get(0) : ApiJson.object();
            if (!json.path("id").isTextual()
                    || !json.path("rule").isTextual()
                    || !json.path("since_ms").isIntegralNumber()) {
                return Optional.empty();
            }
            return Optional.of(new Alert(
                    json.path("id").asText(),
                    json.path("rule").asText(),
                    json.path("uid").asText(),
                    json.path("name").asText(),
                    json.path("text").asText(),
                    json.path("value").asLong(),
                    json.path("since_ms").asLong(),
                    json.path("told").asBoolean(),
                    json.path("resolved_ms").asLong(),
                    json.path("why").asText()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
