// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tacho.model.NodeInfo;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one request tells: any of the 22 fields, and how its counters are meant.
 *
 * @param counters how the counters are meant; null where there are none
 * @param numbers by field name
 * @param texts {@code uid}, {@code name} and {@code version}, those that are there
 * @param labels null where the request does not tell
 */
record PushedFields(
        @Nullable Counters counters,
        Map<String, Long> numbers,
        Map<String, String> texts,
        @Nullable Map<String, String> labels) {

    /** How counters are meant. */
    enum Counters {
        /** Since the node's start; what grew in a window is the window's. */
        TOTALS,
        /** Of the node's own last interval, to be passed on as they are. */
        INTERVAL;

        static Counters of(String text) {
            return switch (text) {
                case "totals" -> TOTALS;
                case "interval" -> INTERVAL;
                default ->
                    throw new IllegalArgumentException("counters: '" + text + "' (expected: totals or interval)");
            };
        }
    }

    /** The counters that have a total. */
    static final List<String> COUNTERS = List.of(
            "num_msg_published",
            "num_msg_queued",
            "num_msg_sent",
            "num_api_requests",
            "num_client_requests",
            "bytes_client_in",
            "bytes_client_out");

    /** Of times there are sums since the start, and means and longest of an interval. */
    static final Set<String> TIME_SUMS = Set.of("time_api_sum", "time_client_sum");

    static final List<String> INTERVAL_TIMES =
            List.of("time_api_mean", "time_client_mean", "time_api_max", "time_client_max");

    static final List<String> GAUGES = List.of(
            "num_goroutine",
            "num_clients",
            "num_unique_clients",
            "num_channels",
            "started_at",
            "gomaxprocs",
            "num_cpu",
            "memory_sys",
            "cpu_usage");

    private static final Set<String> TEXTS = Set.of("uid", "name", "version");

    private static final String HOW = "counters";
    private static final String LABELS = "labels";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    /**
     * Reads a request.
     *
     * @param how the query's {@code counters}; null where it has none
     * @throws IllegalArgumentException naming the field, what was found and what was expected
     */
    static PushedFields parse(byte[] body, @Nullable String how) {
        JsonNode tree = tree(body);
        Map<String, Long> numbers = new LinkedHashMap<>();
        Map<String, String> texts = new LinkedHashMap<>();
        Map<String, String> labels = null;
        String meant = how;
        for (Map.Entry<String, JsonNode> member : tree.properties()) {
            String field = member.getKey();
            if (field.equals(HOW)) {
                meant = text(field, member.getValue());
            } else if (field.equals(LABELS)) {
                labels = labels(member.getValue());
            } else if (TEXTS.contains(field)) {
                texts.put(field, text(field, member.getValue()));
            } else if (isNumber(field)) {
                numbers.put(field, number(field, member.getValue()));
            } else {
                throw new IllegalArgumentException(
                        field + ": unknown (expected: one of the 22 fields, version, labels, "
                                + "counters, time_api_sum or time_client_sum)");
            }
        }
        check(texts, labels);
        return new PushedFields(counters(meant, numbers), numbers, texts, labels);
    }

    private static JsonNode tree(byte[] body) {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("body: " + e.getOriginalMessage() + " (expected: a JSON object)", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("body: " + e.getMessage() + " (expected: a JSON object, UTF-8)", e);
        }
        if (!tree.isObject()) {
            throw new IllegalArgumentException("body: " + tree.getNodeType() + " (expected: a JSON object)");
        }
        return tree;
    }

    private static boolean isNumber(String field) {
        return COUNTERS.contains(field)
                || TIME_SUMS.contains(field)
                || INTERVAL_TIMES.contains(field)
                || GAUGES.contains(field);
    }

    private static @Nullable Counters counters(@Nullable String meant, Map<String, Long> numbers) {
        Counters counters = meant == null ? null : Counters.of(meant);
        for (String field : numbers.keySet()) {
            if (GAUGES.contains(field)) {
                continue;
            }
            if (counters == null) {
                throw new IllegalArgumentException(
                        "counters: missing (expected: totals or interval, for " + field + " is given)");
            }
            if (counters == Counters.TOTALS && INTERVAL_TIMES.contains(field)) {
                throw new IllegalArgumentException(field + ": given with counters=totals (expected: with "
                        + "counters=interval; of totals the sum, time_api_sum or time_client_sum)");
            }
            if (counters == Counters.INTERVAL && TIME_SUMS.contains(field)) {
                throw new IllegalArgumentException(
                        field + ": given with counters=interval (expected: with counters=totals)");
            }
        }
        return counters;
    }

    private static long number(String field, JsonNode value) {
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 0
                || value.longValue() > NodeSnapshot.MAX_VALUE) {
            throw new IllegalArgumentException(
                    field + ": " + shown(value) + " (expected: an integer, 0 to " + NodeSnapshot.MAX_VALUE + ")");
        }
        return value.longValue();
    }

    private static String text(String field, JsonNode value) {
        if (!value.isTextual()) {
            throw new IllegalArgumentException(field + ": " + shown(value) + " (expected: a string)");
        }
        return value.textValue();
    }

    private static Map<String, String> labels(JsonNode value) {
        if (!value.isObject()) {
            throw new IllegalArgumentException(LABELS + ": " + shown(value) + " (expected: an object of strings)");
        }
        Map<String, String> labels = new LinkedHashMap<>();
        value.properties()
                .forEach(label -> labels.put(label.getKey(), text(LABELS + "." + label.getKey(), label.getValue())));
        return labels;
    }

    /** The model's own checks say what is wrong with a text. */
    private static void check(Map<String, String> texts, @Nullable Map<String, String> labels) {
        new NodeInfo(texts.getOrDefault("uid", "x"), texts.getOrDefault("name", "x"), 0, 0, 0, 0, 0, 0, 0);
        new NodeStatus(null, 0, false, texts.get("version"), labels == null ? Map.of() : labels, Map.of());
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }
}
