// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import java.util.Base64;
import java.util.Map;

/** The extra values of a beat: {@code {"num_subs":{"kind":"gauge","rule":"sum","value":75}}}. */
final class ExtrasJson {

    private static final byte[] KIND = ":{\"kind\":".getBytes(US_ASCII);
    private static final byte[] RULE = ",\"rule\":".getBytes(US_ASCII);
    private static final byte[] VALUE = ",\"value\":".getBytes(US_ASCII);
    private static final byte[] TOTAL = ",\"total\":".getBytes(US_ASCII);

    private ExtrasJson() {}

    static void write(JsonBytes json, Extras extras) {
        char before = '{';
        for (Map.Entry<String, Extra> entry : extras.byName().entrySet()) {
            Extra extra = entry.getValue();
            json.append(before);
            json.append(entry.getKey());
            json.append(KIND);
            json.append(extra.kind());
            json.append(RULE);
            json.append(extra.rule());
            json.append(VALUE);
            Encoded<DurationHistogram> durations = extra.durations();
            if (durations == null) {
                json.append(extra.value());
            } else {
                json.append('"');
                json.append(Base64.getEncoder().encode(durations.bytes()));
                json.append('"');
            }
            if (extra.total() != null) {
                json.append(TOTAL);
                json.append(extra.total());
            }
            json.append('}');
            before = ',';
        }
        json.append('}');
    }

    /**
     * Reads one value.
     *
     * @throws IllegalArgumentException naming the member, the found and the expected value
     */
    static Extra read(String name, JsonNode json) {
        String kind = text(name, json, "kind");
        String rule = text(name, json, "rule");
        if (rule.equals(Extra.HISTOGRAM)) {
            String histogram = text(name, json, "value");
            return new Extra(kind, rule, 0, null, Encoded.histogram(Base64Text.decode("extras." + name, histogram)));
        }
        return new Extra(
                kind, rule, number(name, json, "value"), json.has("total") ? number(name, json, "total") : null, null);
    }

    private static String text(String name, JsonNode json, String member) {
        String text = json.path(member).textValue();
        if (text == null) {
            throw unexpected(name, json, member, "a string");
        }
        return text;
    }

    private static long number(String name, JsonNode json, String member) {
        JsonNode number = json.path(member);
        if (!number.isIntegralNumber() || !number.canConvertToLong()) {
            throw unexpected(name, json, member, "an integer");
        }
        return number.longValue();
    }

    private static IllegalArgumentException unexpected(String name, JsonNode json, String member, String expected) {
        return new IllegalArgumentException(
                Fields.describe("extras." + name + "." + member, json.path(member), expected));
    }
}
