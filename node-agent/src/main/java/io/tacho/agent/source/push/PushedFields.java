// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.QualityFlags;
import io.tacho.model.RequestKind;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The content of one push: some of the fields, and the meaning of its counters.
 *
 * @param counters the meaning of the counters; null if there are none
 * @param numbers by wire name
 * @param texts {@code uid}, {@code name} and {@code version}, those that are present
 * @param labels null if there are none
 * @param extras gauges and counters in addition to the 22 fields; the value of a counter has the meaning of the counters
 */
record PushedFields(
        @Nullable Counters counters,
        Map<String, Long> numbers,
        Map<String, String> texts,
        @Nullable Map<String, String> labels,
        Extras extras) {

    /** The meaning of counters. */
    enum Counters {
        /** Since the start of the node; a window contains their growth. */
        TOTALS,
        /** A value of the node's own last interval; published unchanged. */
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

    /** The wire names of the sums of times since the start, with the field of their mean. */
    private static final Map<String, Field> TIME_SUMS =
            Arrays.stream(RequestKind.values()).collect(Collectors.toMap(RequestKind::sumName, RequestKind::mean));

    private static final Set<String> TEXTS = Set.of("uid", "name", "version");

    private static final Set<String> EXTRA_MEMBERS = Set.of("kind", "rule", "value");

    private static final String HOW = "counters";
    private static final String LABELS = "labels";
    private static final String EXTRAS = "extras";

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
        Extras extras = Extras.NONE;
        String meant = how;
        for (Map.Entry<String, JsonNode> member : tree.properties()) {
            String field = member.getKey();
            if (field.equals(HOW)) {
                meant = text(field, member.getValue());
                if (how != null && !how.equals(meant)) {
                    throw new IllegalArgumentException("counters: '" + how + "' in the query and '" + meant
                            + "' in the body (expected: one of them)");
                }
            } else if (field.equals(LABELS)) {
                labels = labels(member.getValue());
            } else if (field.equals(EXTRAS)) {
                extras = extras(member.getValue());
            } else if (TEXTS.contains(field)) {
                texts.put(field, text(field, member.getValue()));
            } else if (field(field) != null) {
                numbers.put(field, number(field, member.getValue()));
            } else {
                throw new IllegalArgumentException(
                        field + ": unknown (expected: one of the 22 fields, version, labels, extras, "
                                + "counters, time_api_sum or time_client_sum)");
            }
        }
        check(texts, labels);
        return new PushedFields(counters(meant, numbers, extras), numbers, texts, labels, extras);
    }

    /** Reads values by name: a number, {@code {"rule":"max","value":7}}, or {@code {"kind":"counter","value":7}}. */
    private static Extras extras(JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("extras: " + shown(json) + " (expected: an object)");
        }
        Map<String, Extra> extras = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            String name = Extras.requireName(member.getKey());
            JsonNode value = member.getValue();
            requireKnown(name, value);
            String kind = member(name, "kind", value, Extra.GAUGE, Set.of(Extra.GAUGE, Extra.COUNTER));
            Set<String> rules =
                    kind.equals(Extra.COUNTER) ? Set.of(Extra.SUM) : Set.of(Extra.SUM, Extra.MAX, Extra.LAST);
            String rule = member(name, "rule", value, Extra.SUM, rules);
            long number = value.isObject()
                    ? number(EXTRAS + "." + name + ".value", value.path("value"))
                    : number(EXTRAS + "." + name, value);
            extras.put(name, kind.equals(Extra.COUNTER) ? Extra.counter(number, number) : Extra.gauge(rule, number));
        }
        return new Extras(extras);
    }

    private static void requireKnown(String name, JsonNode value) {
        value.fieldNames().forEachRemaining(member -> {
            if (!EXTRA_MEMBERS.contains(member)) {
                throw new IllegalArgumentException(
                        "extras." + name + "." + member + ": unknown (expected: kind, rule or value)");
            }
        });
    }

    private static String member(String name, String member, JsonNode value, String otherwise, Set<String> expected) {
        String text = value.has(member) ? text(EXTRAS + "." + name + "." + member, value.path(member)) : otherwise;
        if (!expected.contains(text)) {
            throw new IllegalArgumentException("extras." + name + "." + member + ": '" + text + "' (expected: "
                    + String.join(" or ", new TreeSet<>(expected)) + ")");
        }
        return text;
    }

    private static JsonNode tree(byte[] body) {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new IllegalArgumentException(
                    "body: malformed"
                            + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr())
                            + " (expected: a JSON object, with each name once)",
                    e);
        } catch (IOException e) {
            throw new IllegalArgumentException("body: " + e.getMessage() + " (expected: a JSON object, UTF-8)", e);
        }
        if (!tree.isObject()) {
            throw new IllegalArgumentException("body: " + tree.getNodeType() + " (expected: a JSON object)");
        }
        return tree;
    }

    /** Returns the field to which a number belongs: of a sum of times its mean; null if it is not a number. */
    static @Nullable Field field(String name) {
        Field field = Field.of(name);
        return field == null ? TIME_SUMS.get(name) : field.isNumber() ? field : null;
    }

    /** {@return whether a name is that of a gauge, or of a number that stays the same} */
    static boolean isGauge(String name) {
        Field field = Field.of(name);
        return field != null && field.isNumber() && !field.isOfWindow();
    }

    private static boolean isIntervalTime(String name) {
        Field field = Field.of(name);
        return field != null && field.kind() == Field.Kind.TIMER;
    }

    private static @Nullable Counters counters(@Nullable String meant, Map<String, Long> numbers, Extras extras) {
        Counters counters = meant == null ? null : Counters.of(meant);
        extras.byName().forEach((name, extra) -> {
            if (counters == null && extra.kind().equals(Extra.COUNTER)) {
                throw new IllegalArgumentException(
                        "counters: missing (expected: totals or interval, because of extras." + name + ")");
            }
        });
        for (String field : numbers.keySet()) {
            if (isGauge(field)) {
                continue;
            }
            if (counters == null) {
                throw new IllegalArgumentException(
                        "counters: missing (expected: totals or interval, because of " + field + ")");
            }
            if (counters == Counters.TOTALS && isIntervalTime(field)) {
                throw new IllegalArgumentException(field + ": present with counters=totals (expected: with "
                        + "counters=interval; of totals the sum, time_api_sum or time_client_sum)");
            }
            if (counters == Counters.INTERVAL && TIME_SUMS.containsKey(field)) {
                throw new IllegalArgumentException(
                        field + ": present with counters=interval (expected: with counters=totals)");
            }
        }
        return counters;
    }

    private static long number(String field, JsonNode value) {
        // the nanoseconds of a busy node pass the bounds of a field within days
        long max = TIME_SUMS.containsKey(field) ? Long.MAX_VALUE : NodeSnapshot.MAX_VALUE;
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 0
                || value.longValue() > max) {
            throw new IllegalArgumentException(
                    field + ": " + shown(value) + " (expected: an integer, 0 to " + max + ")");
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

    /** Checks the texts by the constructors of the model. */
    private static void check(Map<String, String> texts, @Nullable Map<String, String> labels) {
        NodeSnapshot.builder(texts.getOrDefault("uid", "x"), texts.getOrDefault("name", "x"))
                .build();
        new NodeStatus(null, 0, false, texts.get("version"), labels == null ? Map.of() : labels, QualityFlags.NONE);
    }

    private static String shown(JsonNode value) {
        String text = value.isMissingNode() ? "missing" : value.toString();
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }
}
