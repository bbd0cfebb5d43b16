// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeStatus;
import io.tacho.model.NodeTotals;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.TotalField;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.Encoded;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes a beat as a message and as the fields of a hash, in one pass: each optional object is written once and used in both.
 *
 * <p>Thread safety: safe; its only state are the last texts of histograms and sketches.
 */
final class BeatWriter {

    private static final byte[] HEAD = "{\"v\":1,\"type\":".getBytes(US_ASCII);
    private static final byte[][] TOTAL_KEYS = Shape.TOTALS.keys();

    /** More than a message without labels, histograms and sketches has. */
    private static final int CAPACITY = 1_536;

    private final LastText timeApi = new LastText();
    private final LastText timeClient = new LastText();
    private final LastText users = new LastText();
    private final LastText channels = new LastText();

    /** Receives fields of a hash, their values in UTF-8. */
    interface Hash {
        void field(Member member, byte[] value);
    }

    /**
     * Writes a beat.
     *
     * @param type of the message
     * @param hash receives the optional members; null if there is no hash to write
     * @param repeats whether the message leaves out the histograms and sketches, because an earlier one had them; the hash has them
     * @return the message, UTF-8 JSON
     */
    byte[] write(String type, SnapshotEnvelope beat, @Nullable Hash hash, boolean repeats) {
        byte[] node = EntryWriter.write(beat.snapshot());
        Beat out = new Beat(
                CAPACITY + node.length + (repeats ? 0 : 4 * beat.detail().size() / 3), hash);
        out.json.append(HEAD);
        out.json.append(type);
        out.required(Member.SEQ, beat.seq());
        out.required(Member.TTL, beat.ttlMillis());
        out.required(Member.METRICS_INTERVAL, beat.metricsIntervalSeconds());
        MetricsWindow window = beat.window();
        if (window != null) {
            out.number(Member.WINDOW_START, window.startMillis());
            out.number(Member.WINDOW_END, window.endMillis());
        }
        status(out, beat.status());
        NodeTotals totals = beat.totals();
        if (totals != null) {
            out.object(Member.TOTALS, json -> totals(json, totals));
        }
        WindowDetail detail = beat.detail();
        Beat repeated = repeats ? new Beat(4 * detail.size() / 3, hash) : out;
        pair(repeated, Member.HISTOGRAMS, detail.timeApi(), timeApi, detail.timeClient(), timeClient);
        pair(repeated, Member.SKETCHES, detail.users(), users, detail.channels(), channels);
        if (!detail.extras().byName().isEmpty()) {
            out.object(Member.EXTRAS, json -> ExtrasJson.write(json, detail.extras()));
        }
        out.json.append(Member.NODE.key());
        out.json.append(node);
        out.json.append('}');
        return out.json.toBytes();
    }

    private static void status(Beat out, NodeStatus status) {
        out.text(Member.HOST, status.host());
        if (status.publishIntervalMillis() > 0) {
            out.number(Member.PUBLISH_INTERVAL, status.publishIntervalMillis());
        }
        if (status.draining()) {
            out.number(Member.DRAINING, 1);
        }
        out.text(Member.WRITER, status.writer());
        out.text(Member.SOFTWARE_VERSION, status.version());
        out.text(Member.ADDRESS, status.address());
        if (status.capacity() > 0) {
            out.number(Member.CAPACITY, status.capacity());
        }
        out.text(Member.COMMAND, status.command());
        out.texts(Member.LABELS, status.labels(), label -> label);
        out.texts(Member.QUALITY, status.quality().byWireName(), quality -> quality.label());
    }

    private static void totals(JsonBytes json, NodeTotals totals) {
        for (int i = 0; i < TOTAL_KEYS.length; i++) {
            json.append(TOTAL_KEYS[i]);
            json.append(TotalField.ALL.get(i).of(totals));
        }
        json.append('}');
    }

    private static void pair(
            Beat out,
            Member member,
            @Nullable Encoded<?> first,
            LastText firstText,
            @Nullable Encoded<?> second,
            LastText secondText) {
        Shape shape = member == Member.HISTOGRAMS ? Shape.HISTOGRAMS : Shape.SKETCHES;
        if (first != null || second != null) {
            out.object(member, json -> {
                char before = '{';
                if (first != null) {
                    base64(json, before, shape.name(0), firstText.of(first));
                    before = ',';
                }
                if (second != null) {
                    base64(json, before, shape.name(1), secondText.of(second));
                }
                json.append('}');
            });
        }
    }

    private static void base64(JsonBytes json, char before, String name, byte[] text) {
        json.append(before);
        json.append(name);
        json.append(':');
        json.append('"');
        json.append(text);
        json.append('"');
    }

    /** One beat on its way into both forms. */
    private static final class Beat {

        final JsonBytes json;
        private final @Nullable Hash hash;

        Beat(int capacity, @Nullable Hash hash) {
            json = new JsonBytes(capacity);
            this.hash = hash;
        }

        interface Value {
            void write(JsonBytes json);
        }

        /** Writes a number that is not among the optional fields of a hash. */
        void required(Member member, long number) {
            json.append(member.key());
            json.append(number);
        }

        void object(Member member, Value value) {
            json.append(member.key());
            int start = json.length();
            value.write(json);
            if (hash != null) {
                hash.field(member, json.since(start));
            }
        }

        void number(Member member, long number) {
            object(member, out -> out.append(number));
        }

        /** Writes a text; nothing for none. */
        void text(Member member, @Nullable String text) {
            if (text == null) {
                return;
            }
            json.append(member.key());
            json.append(text);
            if (hash != null) {
                hash.field(member, text.getBytes(UTF_8));
            }
        }

        /** Writes an object of texts; nothing if it is empty. */
        <V> void texts(Member member, Map<String, V> texts, Function<V, String> text) {
            if (texts.isEmpty()) {
                return;
            }
            object(member, out -> {
                char before = '{';
                for (Map.Entry<String, V> entry : texts.entrySet()) {
                    out.append(before);
                    out.append(entry.getKey());
                    out.append(':');
                    out.append(text.apply(entry.getValue()));
                    before = ',';
                }
                out.append('}');
            });
        }
    }
}
