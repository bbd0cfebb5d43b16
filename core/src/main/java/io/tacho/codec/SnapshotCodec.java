// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

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
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeInfo;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
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
    private static final String WINDOW_START = "window_start_ms";
    private static final String WINDOW_END = "window_end_ms";
    private static final String HOST = "host";
    private static final String PUBLISH_INTERVAL = "publish_interval_ms";
    private static final String DRAINING = "draining";
    private static final String NODE = "node";

    private static final String SNAPSHOT = "snapshot";
    private static final String LEAVE = "leave";

    /** The fields of a hash that are no numbers, whatever they look like. */
    private static final Set<String> TEXTS = Set.of("uid", "name", HOST);

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
            putOptional(message, beat);
            message.putPOJO(NODE, beat.snapshot());
        } else {
            message.put(TYPE, LEAVE).put(SEQ, envelope.seq());
            message.putObject(NODE).put("uid", envelope.uid());
        }
        return write(message);
    }

    /** What a node may leave out, it leaves out where there is nothing to say. */
    private static void putOptional(ObjectNode tree, SnapshotEnvelope beat) {
        MetricsWindow window = beat.window();
        if (window != null) {
            tree.put(WINDOW_START, window.startMillis()).put(WINDOW_END, window.endMillis());
        }
        if (beat.status().host() != null) {
            tree.put(HOST, beat.status().host());
        }
        if (beat.status().publishIntervalMillis() > 0) {
            tree.put(PUBLISH_INTERVAL, beat.status().publishIntervalMillis());
        }
        if (beat.status().draining()) {
            tree.put(DRAINING, 1);
        }
    }

    /** One entry of the nodes array, UTF-8 JSON: an object of the 22 keys in their order. */
    public byte[] encodeNode(NodeSnapshot snapshot) {
        return write(snapshot);
    }

    /** The fields of the hash under the node's key: the 22 under their own names, and what else the envelope says. */
    public Map<String, String> toHash(SnapshotEnvelope envelope) {
        ObjectNode tree = MAPPER.valueToTree(envelope.snapshot());
        putOptional(tree, envelope);
        Map<String, String> hash = new LinkedHashMap<>(40);
        tree.properties()
                .forEach(field -> hash.put(field.getKey(), field.getValue().asText()));
        hash.put(VERSION, Integer.toString(Envelope.VERSION));
        hash.put(SEQ, Long.toString(envelope.seq()));
        hash.put(TTL, Long.toString(envelope.ttlMillis()));
        hash.put(METRICS_INTERVAL, Long.toString(envelope.metricsIntervalSeconds()));
        return hash;
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
        JsonNode tree;
        try {
            tree = MAPPER.readTree(message);
        } catch (JsonProcessingException e) {
            throw new MalformedSnapshotException(Reason.NOT_JSON, e.getOriginalMessage());
        } catch (IOException e) {
            // malformed UTF-8 comes as a CharConversionException
            throw new MalformedSnapshotException(Reason.NOT_JSON, String.valueOf(e.getMessage()));
        }
        if (!tree.isObject()) {
            throw new MalformedSnapshotException(Reason.NOT_JSON, tree.getNodeType() + " (expected: an object)");
        }
        requireVersion(tree);
        JsonNode type = tree.path(TYPE);
        if (LEAVE.equals(type.textValue())) {
            return leave(tree);
        }
        if (SNAPSHOT.equals(type.textValue())) {
            JsonNode node = tree.path(NODE);
            if (!node.isObject()) {
                throw badField(NODE, node, "an object");
            }
            return snapshot(tree, node, integer(tree, TTL));
        }
        throw new MalformedSnapshotException(
                Reason.UNKNOWN_TYPE, describe(TYPE, type, '"' + SNAPSHOT + "\" or \"" + LEAVE + '"'));
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
        return snapshot(tree, tree, tree.has(TTL) ? integer(tree, TTL) : remainingMillis);
    }

    private static void put(ObjectNode tree, String field, String value) {
        Long number = TEXTS.contains(field) ? null : parseInteger(value);
        if (number == null) {
            tree.put(field, value);
        } else {
            tree.put(field, number);
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
        long version = integer(tree, VERSION);
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
            return new LeaveEnvelope(text(tree.path(NODE), "uid"), integer(tree, SEQ));
        } catch (IllegalArgumentException e) {
            throw new MalformedSnapshotException(Reason.BAD_FIELD, String.valueOf(e.getMessage()));
        }
    }

    private static SnapshotEnvelope snapshot(JsonNode tree, JsonNode node, long ttlMillis)
            throws MalformedSnapshotException {
        try {
            MetricsWindow window = tree.has(WINDOW_END)
                    ? new MetricsWindow(integer(tree, WINDOW_START), integer(tree, WINDOW_END))
                    : null;
            return new SnapshotEnvelope(
                    integer(tree, SEQ),
                    ttlMillis,
                    integer(tree, METRICS_INTERVAL),
                    window,
                    status(tree),
                    new NodeSnapshot(info(node), metrics(node)));
        } catch (IllegalArgumentException e) {
            // a record's own check speaks: it names the field, the value and the bounds
            throw new MalformedSnapshotException(Reason.BAD_FIELD, String.valueOf(e.getMessage()));
        }
    }

    private static NodeStatus status(JsonNode tree) throws MalformedSnapshotException {
        return new NodeStatus(
                tree.has(HOST) ? text(tree, HOST) : null,
                tree.has(PUBLISH_INTERVAL) ? integer(tree, PUBLISH_INTERVAL) : 0,
                tree.has(DRAINING) && integer(tree, DRAINING) != 0);
    }

    private static NodeInfo info(JsonNode node) throws MalformedSnapshotException {
        return new NodeInfo(
                text(node, "uid"),
                text(node, "name"),
                integer(node, "num_goroutine"),
                integer(node, "num_clients"),
                integer(node, "num_unique_clients"),
                integer(node, "num_channels"),
                integer(node, "started_at"),
                integer(node, "gomaxprocs"),
                integer(node, "num_cpu"));
    }

    private static IntervalMetrics metrics(JsonNode node) throws MalformedSnapshotException {
        return new IntervalMetrics(
                integer(node, "num_msg_published"),
                integer(node, "num_msg_queued"),
                integer(node, "num_msg_sent"),
                integer(node, "num_api_requests"),
                integer(node, "num_client_requests"),
                integer(node, "bytes_client_in"),
                integer(node, "bytes_client_out"),
                integer(node, "time_api_mean"),
                integer(node, "time_client_mean"),
                integer(node, "time_api_max"),
                integer(node, "time_client_max"),
                integer(node, "memory_sys"),
                integer(node, "cpu_usage"));
    }

    private static String text(JsonNode tree, String field) throws MalformedSnapshotException {
        JsonNode value = tree.path(field);
        if (!value.isTextual()) {
            throw badField(field, value, "a string");
        }
        return value.textValue();
    }

    private static long integer(JsonNode tree, String field) throws MalformedSnapshotException {
        JsonNode value = tree.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw badField(field, value, "an integer");
        }
        return value.longValue();
    }

    private static MalformedSnapshotException badField(String field, JsonNode found, String expected) {
        return new MalformedSnapshotException(Reason.BAD_FIELD, describe(field, found, expected));
    }

    private static String describe(String field, JsonNode found, String expected) {
        String value = found.isMissingNode() ? "missing" : found.toString();
        if (value.length() > 80) {
            value = value.substring(0, 80) + "…";
        }
        return field + ": " + value + " (expected: " + expected + ")";
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
