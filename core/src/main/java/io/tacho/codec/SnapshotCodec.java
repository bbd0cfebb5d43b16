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
import com.fasterxml.jackson.databind.node.TextNode;
import io.tacho.codec.MalformedSnapshotException.Reason;
import io.tacho.model.Envelope;
import io.tacho.model.IntervalMetrics;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.NodeInfo;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.SnapshotEnvelope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns envelopes into what crosses the wire and back, in both of its forms: the JSON message of the channel, and the hash
 * under a node's key. What it lets in is complete, of the right types and within the bounds of the model; unknown fields
 * are ignored.
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

    /** The fields of a hash that are no numbers, whatever they look like. */
    private static final Set<String> TEXTS = Set.of("uid", "name");

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
        return write(snapshot);
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
     * @throws MalformedSnapshotException if it is not a message of this contract version
     */
    public Envelope decode(byte[] message) throws MalformedSnapshotException {
        if (message.length > MAX_BYTES) {
            throw new MalformedSnapshotException(
                    Reason.TOO_LARGE, "message of " + message.length + " bytes (expected: <= " + MAX_BYTES + ")");
        }
        JsonNode tree = parse(message);
        if (!tree.isObject()) {
            throw new MalformedSnapshotException(Reason.NOT_JSON, tree.getNodeType() + " (expected: an object)");
        }
        requireVersion(tree);
        JsonNode type = tree.path(TYPE);
        if (LEAVE.equals(type.textValue())) {
            return leave(tree);
        }
        if (SNAPSHOT.equals(type.textValue())) {
            return snapshot(tree, Fields.object(tree, NODE), Fields.integer(tree, TTL));
        }
        throw new MalformedSnapshotException(
                Reason.UNKNOWN_TYPE, Fields.describe(TYPE, type, '"' + SNAPSHOT + "\" or \"" + LEAVE + '"'));
    }

    private static JsonNode parse(byte[] json) throws MalformedSnapshotException {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new MalformedSnapshotException(Reason.NOT_JSON, e.getOriginalMessage());
        } catch (IOException e) {
            // malformed UTF-8 comes as a CharConversionException
            throw new MalformedSnapshotException(Reason.NOT_JSON, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads the hash under a node's key.
     *
     * @param hash field names and values
     * @param remainingMillis what is left of the entry's life; the TTL of entries that do not tell theirs
     * @throws MalformedSnapshotException if it is not an entry of this contract version
     */
    public SnapshotEnvelope fromHash(Map<String, String> hash, long remainingMillis) throws MalformedSnapshotException {
        ObjectNode tree = MAPPER.createObjectNode();
        int bytes = 0;
        for (Map.Entry<String, String> field : hash.entrySet()) {
            bytes += field.getKey().length() + field.getValue().length();
            if (bytes > MAX_BYTES) {
                throw new MalformedSnapshotException(
                        Reason.TOO_LARGE, "hash of more than " + MAX_BYTES + " bytes (expected: less)");
            }
            put(tree, field.getKey(), field.getValue());
        }
        requireVersion(tree);
        return snapshot(tree, tree, tree.has(TTL) ? Fields.integer(tree, TTL) : remainingMillis);
    }

    private static void put(ObjectNode tree, String field, String value) throws MalformedSnapshotException {
        if (OptionalFields.OBJECTS.contains(field)) {
            tree.set(field, object(field, value));
            return;
        }
        boolean text = TEXTS.contains(field) || OptionalFields.TEXTS.contains(field);
        Long number = text ? null : parseInteger(value);
        if (number == null) {
            tree.put(field, value);
        } else {
            tree.put(field, number);
        }
    }

    private static JsonNode object(String field, String json) throws MalformedSnapshotException {
        try {
            return parse(json.getBytes(UTF_8));
        } catch (MalformedSnapshotException e) {
            throw Fields.bad(field, TextNode.valueOf(json), "a JSON object");
        }
    }

    /** The value of a canonical decimal integer; null for everything else. */
    private static @Nullable Long parseInteger(String value) {
        try {
            Long number = Long.valueOf(value);
            return number.toString().equals(value) ? number : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static void requireVersion(JsonNode tree) throws MalformedSnapshotException {
        long version = Fields.integer(tree, VERSION);
        if (version > Envelope.VERSION) {
            throw new MalformedSnapshotException(
                    Reason.UNSUPPORTED_VERSION, "v: " + version + " (expected: <= " + Envelope.VERSION + ")");
        }
        if (version < 1) {
            throw new MalformedSnapshotException(Reason.BAD_FIELD, "v: " + version + " (expected: >= 1)");
        }
    }

    private static LeaveEnvelope leave(JsonNode tree) throws MalformedSnapshotException {
        try {
            return new LeaveEnvelope(Fields.text(tree.path(NODE), "uid"), Fields.integer(tree, SEQ));
        } catch (IllegalArgumentException e) {
            throw new MalformedSnapshotException(Reason.BAD_FIELD, String.valueOf(e.getMessage()));
        }
    }

    private static SnapshotEnvelope snapshot(JsonNode tree, JsonNode node, long ttlMillis)
            throws MalformedSnapshotException {
        try {
            return new SnapshotEnvelope(
                    Fields.integer(tree, SEQ),
                    ttlMillis,
                    Fields.integer(tree, METRICS_INTERVAL),
                    OptionalFields.window(tree),
                    OptionalFields.status(tree),
                    new NodeSnapshot(info(node), metrics(node)),
                    OptionalFields.totals(tree),
                    OptionalFields.detail(tree));
        } catch (IllegalArgumentException e) {
            // a record's own check speaks: it names the field, the value and the bounds
            throw new MalformedSnapshotException(Reason.BAD_FIELD, String.valueOf(e.getMessage()));
        }
    }

    private static NodeInfo info(JsonNode node) throws MalformedSnapshotException {
        return new NodeInfo(
                Fields.text(node, "uid"),
                Fields.text(node, "name"),
                Fields.integer(node, "num_goroutine"),
                Fields.integer(node, "num_clients"),
                Fields.integer(node, "num_unique_clients"),
                Fields.integer(node, "num_channels"),
                Fields.integer(node, "started_at"),
                Fields.integer(node, "gomaxprocs"),
                Fields.integer(node, "num_cpu"));
    }

    private static IntervalMetrics metrics(JsonNode node) throws MalformedSnapshotException {
        return new IntervalMetrics(
                Fields.integer(node, "num_msg_published"),
                Fields.integer(node, "num_msg_queued"),
                Fields.integer(node, "num_msg_sent"),
                Fields.integer(node, "num_api_requests"),
                Fields.integer(node, "num_client_requests"),
                Fields.integer(node, "bytes_client_in"),
                Fields.integer(node, "bytes_client_out"),
                Fields.integer(node, "time_api_mean"),
                Fields.integer(node, "time_client_mean"),
                Fields.integer(node, "time_api_max"),
                Fields.integer(node, "time_client_max"),
                Fields.integer(node, "memory_sys"),
                Fields.integer(node, "cpu_usage"));
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
