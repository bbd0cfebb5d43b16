// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;

/**
 * Reads a status page in JSON as metrics, for programs whose numbers have no other form: each number of an object is a sample, named
 * by its path, {@code http_req_stats_varz}. A time is a number of UNIX seconds; another text is a sample with the label {@code
 * value}. Arrays are ignored.
 */
final class MetricsJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double MILLIS_PER_SECOND = 1e3;

    private MetricsJson() {}

    /** {@return whether a text is a JSON object: no line of metrics begins like this and ends with a brace} */
    static boolean isJson(String text) {
        String body = text.strip();
        return body.startsWith("{") && body.endsWith("}");
    }

    /** @throws IllegalArgumentException if it is not JSON */
    static void parse(String text, Scrape.Builder scrape) {
        try {
            add(scrape, "", JSON.readTree(text));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("malformed JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void add(Scrape.Builder scrape, String path, JsonNode object) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String name = (path.isEmpty() ? "" : path + "_") + member.getKey().replaceAll("[^a-zA-Z0-9_]+", "_");
            JsonNode value = member.getValue();
            if (value.isNumber()) {
                scrape.add(name, Labels.NONE, value.doubleValue());
            } else if (value.isTextual()) {
                addText(scrape, name, value.textValue());
            } else if (value.isObject()) {
                add(scrape, name, value);
            }
        }
    }

    private static void addText(Scrape.Builder scrape, String name, String text) {
        try {
            scrape.add(name, Labels.NONE, Instant.parse(text).toEpochMilli() / MILLIS_PER_SECOND);
        } catch (DateTimeParseException e) {
            scrape.add(name, Labels.of(Map.of("value", text)), 1);
        }
    }
}
