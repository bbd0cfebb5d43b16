// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.alert.rule.Silence;
import io.tacho.text.Glob;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A silence that was created by the API. It is in the alert store, so that it applies at every aggregator.
 *
 * @param id unique
 * @param silence the period, and the alerts that it is about
 * @param comment of the person who created it; may be empty
 */
public record StoredSilence(String id, Silence silence, String comment) {

    private static final String KEY = "silence/";
    private static final JsonMapper MAPPER = new JsonMapper();

    /** {@return the key in the alert store} */
    public String key() {
        return key(id);
    }

    /** {@return the key of the silence with an id} */
    public static String key(String id) {
        return KEY + id;
    }

    static boolean isKey(String key) {
        return key.startsWith(KEY);
    }

    /** {@return the entry of the alert store} */
    public String toJson() {
        ObjectNode json = MAPPER.createObjectNode()
                .put("id", id)
                .put("rules", silence.ruleNames().pattern())
                .put("nodes", silence.nodeNames().pattern())
                .put("endsAt", silence.endsAt().toString())
                .put("comment", comment);
        if (silence.startsAt() != null) {
            json.put("startsAt", silence.startsAt().toString());
        }
        return json.toString();
    }

    /**
     * Parses an entry of the alert store; returns empty if it is invalid, or has another id than its key: the API could not end
     * such a silence.
     */
    static Optional<StoredSilence> fromJson(String key, String entry) {
        try {
            JsonNode json = MAPPER.readTree(entry);
            @Nullable
            Instant startsAt =
                    json.has("startsAt") ? Instant.parse(json.path("startsAt").asText()) : null;
            Silence silence = new Silence(
                    new Glob(json.path("rules").asText()),
                    new Glob(json.path("nodes").asText()),
                    startsAt,
                    Instant.parse(json.path("endsAt").asText()));
            return Optional.of(new StoredSilence(
                            json.path("id").asText(),
                            silence,
                            json.path("comment").asText()))
                    .filter(stored -> stored.key().equals(key));
        } catch (JsonProcessingException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
