// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.codec.MalformedSnapshotException.Reason;
import io.tacho.model.Envelope;
import io.tacho.model.IntervalMetrics;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MembershipChange;
import io.tacho.model.MembershipEvent;
import io.tacho.model.NodeInfo;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.SnapshotEnvelope;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Turns envelopes into what crosses the wire and back, in both of its forms: the JSON message of the channel, and the hash
 * under a node's key. What it lets in is complete, of the right types and within the bounds of the model; unknown fields
 * are ignored, and what is optional and cannot be read is left out.
 *
 * <p>Thread safety: safe; has no state of its own.
 */
public final class SnapshotCodec {

    /** A longer message is refused unread. A 22-field message has about 700 bytes. */
    public static final int MAX_BYTES = 256 * 1024;

    private static final String VERSION = "v";
    private static final String TYPE = "type";
    private static final String SEQ = "seq";
    private static final String TTL = "ttl_ms";
    private static final String METRICS_INTERVAL = "metrics_interval";
    private static final String NODE = "node";

    private static final String SNAPSHOT = "snapshot";
    private static final String LEAVE = "leave";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            // strings as Go's encoding/json writes them, so that an entry is byte for byte what a Centrifugo answers
            .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    static {
        MAPPER.getFactory()
                .setCharacterEscapes(new GoCharacterEscapes())
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(16)
                        .maxNumberLength(32)
                        .build());
    }

    private static final FieldsReader READER = new FieldsReader(MAPPER);

    /** The message of the channel, UTF-8 JSON: {@code {"v":1,"type":"snapshot","seq":…,"node":{…22…}}}. */
    public byte[] encode(Envelope envelope) {
        ObjectNode message = MAPPER.createObjectNode();
        message.put(VERSION, Envelope.VERSION);
        if (envelope instanceof SnapshotEnvelope beat) {
            message.put(TYPE, SNAPSHOT).put(SEQ, beat.seq()).put(TTL, beat.ttlMillis());
            message.put(METRICS_INTERVAL, beat.metricsIntervalSeconds());
            OptionalFields.put(message, beat);
            message.putPOJO(NODE, beat.snapshot());
        } else {
            message.put(TYPE, LEAVE).put(SEQ, envelope.seq());
            message.putObject(NODE).put("uid", envelope.uid());
        }
        return write(message);
    }

    /** One entry of the nodes array, UTF-8 JSON: an object of the 22 keys in their order. */
    public byte[] encodeNode(NodeSnapshot snapshot) {
        return EntryWriter.write(snapshot, SnapshotCodec::quoted);
    }

    private static byte[] quoted(String text) {
        byte[] quoted = new byte[text.length() + 2];
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&') {
                return write(text);
            }
            quoted[i + 1] = (byte) c;
        }
        quoted[0] = '"';
        quoted[quoted.length - 1] = '"';
        return quoted;
    }

    /** The fields of the hash under the node's key: the 22 under their own names, and what else the envelope says. */
    public Map<String, String> toHash(SnapshotEnvelope envelope) {
        ObjectNode tree = MAPPER.valueToTree(envelope.snapshot());
        OptionalFields.put(tree, envelope);
        Map<String, String> hash = new LinkedHashMap<>(40);
        tree.properties().forEach(field -> hash.put(field.getKey(), hashValue(field.getValue())));
        hash.put(VERSION, Integer.toString(Envelope.VERSION));
        hash.put(SEQ, Long.toString(envelope.seq()));
        hash.put(TTL, Long.toString(envelope.ttlMillis()));
        hash.put(METRICS_INTERVAL, Long.toString(envelope.metricsIntervalSeconds()));
        return hash;
    }

    private static String hashValue(JsonNode value) {
        return value.isObject() ? new String(write(value), UTF_8) : value.asText();
    }

    /**
     * Reads a message of the channel.
     *
     * @param leftOut is told, once at the most, of something optional that cannot be read and is left out
     * @throws MalformedSnapshotException if it is not a message of this contract version
     */
    public Envelope decode(byte[] message, Consumer<MalformedSnapshotException> leftOut)
            throws MalformedSnapshotException {
        if (message.length > MAX_BYTES) {
            throw new MalformedSnapshotException(
                    Reason.TOO_LARGE, "message of " + message.length + " bytes (expected: <= " + MAX_BYTES + ")");
        }
        Fields envelope = READER.read(message, Shape.ENVELOPE);
        requireVersion(envelope);
        String type = envelope.hasText(TYPE) ? envelope.text(TYPE) : "";
        return switch (type) {
            case LEAVE -> leave(envelope);
            case SNAPSHOT -> snapshot(envelope, envelope.object(NODE), envelope.integer(TTL), leftOut);
            default ->
                throw new MalformedSnapshotException(
                        Reason.UNKNOWN_TYPE, envelope.describe(TYPE, '"' + SNAPSHOT + "\" or \"" + LEAVE + '"'));
        };
    }

    /**
     * Reads the hash under a node's key.
     *
     * @param hash field names and values
     * @param remainingMillis what is left of the entry's life; the TTL of entries that do not tell theirs
     * @param leftOut is told, once at the most, of something optional that cannot be read and is left out
     * @throws MalformedSnapshotException if it is not an entry of this contract version
     */
    public SnapshotEnvelope fromHash(
            Map<String, String> hash, long remainingMillis, Consumer<MalformedSnapshotException> leftOut)
            throws MalformedSnapshotException {
        Fields envelope = new Fields(Shape.ENVELOPE);
        Fields node = new Fields(Shape.NODE);
        int bytes = 0;
        for (Map.Entry<String, String> field : hash.entrySet()) {
            String name = field.getKey();
            bytes += name.length() + field.getValue().length();
            if (bytes > MAX_BYTES) {
                throw new MalformedSnapshotException(
                        Reason.TOO_LARGE, "hash of more than " + MAX_BYTES + " bytes (expected: less)");
            }
            if (!name.equals(NODE) && !READER.take(node, name, field.getValue())) {
                READER.take(envelope, name, field.getValue());
            }
        }
        requireVersion(envelope);
        return snapshot(envelope, node, envelope.has(TTL) ? envelope.integer(TTL) : remainingMillis, leftOut);
    }

    /** Returns a membership change as UTF-8 JSON, {@code {"v":1,"type":"lost","seq":…,"node":{…22…}}}; without its time. */
    public byte[] encode(MembershipChange change) {
        byte[] head = ("{\"v\":" + Envelope.VERSION + ",\"type\":\"" + change.event().label() + "\",\"seq\":" + change.seq()
                        + ",\"node\":")
                .getBytes(UTF_8);
        byte[] node = encodeNode(change.node());
        byte[] json = Arrays.copyOf(head, head.length + node.length + 1);
        System.arraycopy(node, 0, json, head.length, node.length);
        json[json.length - 1] = '}';
        return json;
    }

    /**
     * Reads a membership change.
     *
     * @throws MalformedSnapshotException if it is not a change of this contract version
     */
    public MembershipChange decodeChange(byte[] json, long timeMillis) throws MalformedSnapshotException {
        Fields change = READER.read(json, Shape.ENVELOPE);
        requireVersion(change);
        Fields node = change.object(NODE);
        try {
            return new MembershipChange(
                    MembershipEvent.valueOf(change.text(TYPE).toUpperCase(Locale.ROOT)),
                    timeMillis,
                    change.integer(SEQ),
                    new NodeSnapshot(info(node), metrics(node)));
        } catch (IllegalArgumentException e) {
            throw new MalformedSnapshotException(Reason.BAD_FIELD, String.valueOf(e.getMessage()));
        }
    }

    private static void requireVersion(Fields envelope) throws MalformedSnapshotException {
        long version = envelope.integer(VERSION);
        if (version > Envelope.VERSION) {
            throw new MalformedSnapshotException(
                    Reason.UNSUPPORTED_VERSION, "v: " + version + " (expected: <= " + Envelope.VERSION + ")");
        }
        if (version < 1) {
            throw new MalformedSnapshotException(Reason.BAD_FIELD, "v: " + version + " (expected: >= 1)");
        }
    }

    private static LeaveEnvelope leave(Fields envelope) throws MalformedSnapshotException {
        try {
            return new LeaveEnvelope(envelope.object(NODE).text("uid"), envelope.integer(SEQ));
        } catch (IllegalArgumentException e) {
            throw new MalformedSnapshotException(Reason.BAD_FIELD, String.valueOf(e.getMessage()));
        }
    }

    private static SnapshotEnvelope snapshot(
            Fields envelope, Fields node, long ttlMillis, Consumer<MalformedSnapshotException> leftOut)
            throws MalformedSnapshotException {
        OptionalParts optional = new OptionalParts(envelope, leftOut);
        try {
            return new SnapshotEnvelope(
                    envelope.integer(SEQ),
                    ttlMillis,
                    envelope.integer(METRICS_INTERVAL),
                    optional.window(),
                    optional.status(),
                    new NodeSnapshot(info(node), metrics(node)),
                    optional.totals(),
                    optional.detail());
        } catch (IllegalArgumentException e) {
            // a record's own check speaks: it names the field, the value and the bounds
            throw new MalformedSnapshotException(Reason.BAD_FIELD, String.valueOf(e.getMessage()));
        }
    }

    private static NodeInfo info(Fields node) throws MalformedSnapshotException {
        return new NodeInfo(
                node.text("uid"),
                node.text("name"),
                node.integer("num_goroutine"),
                node.integer("num_clients"),
                node.integer("num_unique_clients"),
                node.integer("num_channels"),
                node.integer("started_at"),
                node.integer("gomaxprocs"),
                node.integer("num_cpu"));
    }

    private static IntervalMetrics metrics(Fields node) throws MalformedSnapshotException {
        return new IntervalMetrics(
                node.integer("num_msg_published"),
                node.integer("num_msg_queued"),
                node.integer("num_msg_sent"),
                node.integer("num_api_requests"),
                node.integer("num_client_requests"),
                node.integer("bytes_client_in"),
                node.integer("bytes_client_out"),
                node.integer("time_api_mean"),
                node.integer("time_client_mean"),
                node.integer("time_api_max"),
                node.integer("time_client_max"),
                node.integer("memory_sys"),
                node.integer("cpu_usage"));
    }

    private static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            // records of longs and strings always have a JSON form
            throw new UncheckedIOException(e);
        }
    }
}
