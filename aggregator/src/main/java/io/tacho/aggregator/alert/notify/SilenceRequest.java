// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tacho.aggregator.alert.evaluate.StoredSilence;
import io.tacho.aggregator.alert.rule.Silence;
import io.tacho.text.Glob;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Parses the request to create a silence, in the terms of Alertmanager's API. */
final class SilenceRequest {

    private static final int MAX_TEXT = 255;
    private static final Duration MAX_PERIOD = Duration.ofDays(366);
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private SilenceRequest() {}

    /**
     * Returns the silence that a request describes, with a new id.
     *
     * @throws IllegalArgumentException stating the found and the expected value
     */
    static StoredSilence parse(byte[] body, Instant now) {
        JsonNode json;
        try {
            json = MAPPER.readTree(body);
        } catch (IOException e) {
            throw new IllegalArgumentException("body: no JSON (expected: an object)", e);
        }
        if (!json.path("matchers").isArray()) {
            throw new IllegalArgumentException(
                    "matchers: none (expected: [{\"name\":\"alertname\",\"value\":\"RULE\"}])");
        }
        @Nullable String rules = null;
        @Nullable String nodes = null;
        for (JsonNode matcher : json.path("matchers")) {
            String name = matcher.path("name").asText();
            requireGlob(matcher);
            String value = text("matchers." + name, matcher.path("value"));
            if (name.equals("alertname") && rules == null) {
                rules = value;
            } else if (name.equals("node") && nodes == null) {
                nodes = value;
            } else {
                throw new IllegalArgumentException("matchers: '" + name + "' (expected: alertname or node, each once)");
            }
        }
        if (rules == null) {
            throw new IllegalArgumentException(
                    "matchers: no alertname (expected: the name of a rule; * matches any text)");
        }
        @Nullable Instant startsAt = json.hasNonNull("startsAt") ? time("startsAt", json.path("startsAt")) : null;
        Instant endsAt = time("endsAt", json.path("endsAt"));
        if (!endsAt.isAfter(now) || (startsAt != null && !startsAt.isBefore(endsAt))) {
            throw new IllegalArgumentException("endsAt: " + endsAt + " (expected: later than now and than startsAt)");
        }
        if (endsAt.isAfter(now.plus(MAX_PERIOD))) {
            throw new IllegalArgumentException("endsAt: " + endsAt + " (expected: within a year)");
        }
        String comment = json.hasNonNull("comment") ? text("comment", json.path("comment")) : "";
        return new StoredSilence(
                UUID.randomUUID().toString(),
                new Silence(new Glob(rules), new Glob(nodes == null ? "*" : nodes), startsAt, endsAt),
                comment);
    }

    /** Clients of Alertmanager send how a value is compared; another way than here would silence other alerts than they mean. */
    private static void requireGlob(JsonNode matcher) {
        if (!matcher.path("isEqual").asBoolean(true)) {
            throw new IllegalArgumentException("isEqual: false (expected: true, what does match)");
        }
        if (matcher.path("isRegex").asBoolean()) {
            throw new IllegalArgumentException("isRegex: true (expected: false; * and ? match any text and character)");
        }
    }

    private static String text(String member, JsonNode value) {
        String text = value.isTextual() ? value.asText() : "";
        if (text.isEmpty() || text.length() > MAX_TEXT || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(member + ": " + text.length() + " characters (expected: a text of 1 to "
                    + MAX_TEXT + ", no control characters)");
        }
        return text;
    }

    private static Instant time(String member, JsonNode value) {
        try {
            return OffsetDateTime.parse(value.asText()).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    member + ": '" + value.asText() + "' (expected: a time with its zone, e.g. 2026-12-01T00:00Z)", e);
        }
    }
}
