// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.model.Field;
import io.tacho.model.period.Peak;
import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodSummary;
import io.tacho.model.period.Tier;
import io.tacho.sketch.Encoded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads summaries of periods: their numbers as they are stored, and whole summaries as lines of an export. The same
 * summary always has the same bytes.
 */
public final class PeriodCodec {

    /** A line of an export. */
    public record Line(Period period, PeriodSummary summary) {}

    private static final String NUMBERS = "numbers";
    private static final String NODES = "seconds_by_nodes";
    private static final String PEAKS = "peaks";
    private static final Pattern COUNT = Pattern.compile("\\d{1,18}");

    private PeriodCodec() {}

    /** {@return the numbers, peaks and node counts as JSON, without histograms and sketches} */
    public static byte[] numbers(PeriodSummary summary) {
        return bytes(write(WireJson.MAPPER.createObjectNode(), summary));
    }

    private static ObjectNode write(ObjectNode json, PeriodSummary summary) {
        ObjectNode numbers = json.putObject(NUMBERS);
        summary.numbers().forEach((name, value) -> {
            if (value.signum() != 0) {
                numbers.put(name, value);
            }
        });
        ObjectNode nodes = json.putObject(NODES);
        summary.secondsByNodes().forEach((count, seconds) -> nodes.put(Long.toString(count), seconds));
        ObjectNode peaks = json.putObject(PEAKS);
        summary.peaks()
                .forEach((field, peak) ->
                        peaks.putArray(field.wireName()).add(peak.value()).add(peak.atSeconds()));
        return json;
    }

    /**
     * Reads what {@link #numbers} has written; unknown names are ignored.
     *
     * @throws IllegalArgumentException stating what is invalid
     */
    public static PeriodSummary read(byte[] json) {
        try {
            return read(WireJson.MAPPER.readTree(json));
        } catch (IOException e) {
            throw new IllegalArgumentException("summary: no JSON (expected: an object)", e);
        }
    }

    private static PeriodSummary read(JsonNode json) {
        SortedMap<String, BigInteger> numbers = new TreeMap<>();
        json.path(NUMBERS).properties().forEach(entry -> numbers.put(entry.getKey(), number(entry)));
        SortedMap<Long, Long> nodes = new TreeMap<>();
        json.path(NODES)
                .properties()
                .forEach(entry ->
                        nodes.put(count(entry.getKey()), count(entry.getValue().toString())));
        Map<Field, Peak> peaks = new EnumMap<>(Field.class);
        for (Field field : Field.NUMBERS) {
            if (json.path(PEAKS).get(field.wireName()) instanceof ArrayNode peak && peak.size() == 2) {
                peaks.put(field, new Peak(peak.get(0).asLong(), peak.get(1).asLong()));
            }
        }
        return new PeriodSummary(numbers, nodes, peaks, null, null, null, null);
    }

    private static BigInteger number(Map.Entry<String, JsonNode> entry) {
        JsonNode value = entry.getValue();
        if (!value.isIntegralNumber() || value.bigIntegerValue().signum() < 0) {
            throw new IllegalArgumentException(
                    entry.getKey() + ": " + value.getNodeType() + " (expected: an integer >= 0)");
        }
        return value.bigIntegerValue();
    }

    private static long count(String text) {
        if (!COUNT.matcher(text).matches()) {
            throw new IllegalArgumentException(Fields.describe(NODES, text, "integers from 0, up to 18 digits"));
        }
        return Long.parseLong(text);
    }

    /** {@return a line of an export, JSON in UTF-8 without line breaks} */
    public static byte[] line(Period period, PeriodSummary summary) {
        ObjectNode json = WireJson.MAPPER.createObjectNode();
        json.put("v", 1);
        json.put("tier", period.tier().label());
        json.put("start", period.startSeconds());
        json.put("length", period.lengthSeconds());
        write(json, summary);
        put(json, "time_api", summary.timeApi());
        put(json, "time_client", summary.timeClient());
        put(json, "users", summary.users());
        put(json, "channels", summary.channels());
        return bytes(json);
    }

    private static void put(ObjectNode json, String name, @Nullable Encoded<?> value) {
        if (value != null) {
            json.put(name, Base64.getEncoder().encodeToString(value.bytes()));
        }
    }

    /**
     * Reads a line of an export.
     *
     * @throws IllegalArgumentException stating what is invalid
     */
    public static Line line(byte[] line) {
        try {
            JsonNode json = WireJson.MAPPER.readTree(line);
            if (json.path("v").asInt() != 1) {
                throw new IllegalArgumentException("v: " + json.path("v") + " (expected: 1)");
            }
            PeriodSummary numbers = read(json);
            PeriodSummary summary = new PeriodSummary(
                    numbers.numbers(),
                    numbers.secondsByNodes(),
                    numbers.peaks(),
                    value(json, "time_api", Encoded::histogram),
                    value(json, "time_client", Encoded::histogram),
                    value(json, "users", Encoded::hyperLogLog),
                    value(json, "channels", Encoded::hyperLogLog));
            return new Line(
                    new Period(
                            tier(json.path("tier").asText()),
                            json.path("start").asLong(-1),
                            json.path("length").asLong()),
                    summary);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("line: " + e.getOriginalMessage() + " (expected: a JSON object)", e);
        } catch (IOException e) {
            // bytes that begin like another encoding
            throw new IllegalArgumentException("line: " + e.getMessage() + " (expected: a JSON object in UTF-8)", e);
        }
    }

    private static Tier tier(String label) {
        for (Tier tier : Tier.values()) {
            if (tier.label().equals(label) && tier != Tier.WINDOW) {
                return tier;
            }
        }
        throw new IllegalArgumentException("tier: '" + label + "' (expected: hour, day or month)");
    }

    private static <T> @Nullable Encoded<T> value(JsonNode json, String name, Function<byte[], Encoded<T>> type) {
        JsonNode text = json.get(name);
        if (text == null) {
            return null;
        }
        Encoded<T> value;
        try {
            value = type.apply(Base64.getDecoder().decode(text.asText()));
            value.decode();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
        return value;
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return WireJson.MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
