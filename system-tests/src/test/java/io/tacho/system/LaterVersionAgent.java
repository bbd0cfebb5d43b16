// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.tacho.codec.SnapshotCodec;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.Snapshots;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A node of a later version: it sends all that the current contract requires, and in every extensible place
 * something unknown to the current programs.
 */
final class LaterVersionAgent implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long TTL_MILLIS = 60_000;
    /** A CPC sketch of Apache DataSketches, as agents sent it before the first release. */
    private static final String CPC = "BAEQDQAKzJMBAAAAAQAAAOJHAAA=";

    private final RedisClient client;
    private final RedisCommands<byte[], byte[]> redis;
    private final String tag;
    private final String uid;
    private final String name;
    private final int version;
    private long seq = System.currentTimeMillis();

    private LaterVersionAgent(RedisSettings settings, String name, int version) {
        client = RedisClient.create(settings.uri());
        StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE);
        redis = connection.sync();
        tag = "{" + settings.namespace() + ":0}";
        uid = "tomorrows-" + name + "-" + version;
        this.name = name;
        this.version = version;
    }

    /** Starts with two beats, as agents do. */
    static LaterVersionAgent start(RedisSettings settings, String name) throws Exception {
        return start(settings, name, 1);
    }

    /** @param version the contract version, which is higher than 1 after an incompatible change */
    static LaterVersionAgent start(RedisSettings settings, String name, int version) throws Exception {
        LaterVersionAgent agent = new LaterVersionAgent(settings, name, version);
        agent.beat();
        agent.beat();
        return agent;
    }

    String uid() {
        return uid;
    }

    void beat() throws Exception {
        seq++;
        ObjectNode node = (ObjectNode) JSON.readTree(new SnapshotCodec().encodeNode(Snapshots.snapshot(uid, name)));
        node.put("num_subs", 4_711).putArray("shards").add(1).add(2.5);
        ObjectNode parts = parts();
        parts.put("v", version)
                .put("seq", seq)
                .put("ttl_ms", TTL_MILLIS)
                .put("metrics_interval", 60)
                .put("host", "host-1");

        Map<byte[], byte[]> hash = new LinkedHashMap<>();
        node.properties().forEach(field -> hash.put(bytes(field.getKey()), bytes(text(field.getValue()))));
        parts.properties().forEach(part -> hash.put(bytes(part.getKey()), bytes(text(part.getValue()))));
        hash.put(bytes("packed"), new byte[] {(byte) 0x93, (byte) 0xff, 0, (byte) 0xc3});
        byte[] key = bytes(tag + ":node:" + uid);
        redis.hset(key, hash);
        redis.pexpire(key, TTL_MILLIS);
        redis.zadd(bytes(tag + ":nodes"), (double) System.currentTimeMillis() + TTL_MILLIS, bytes(uid));
        publish(parts.put("type", "snapshot").set("node", node));
    }

    /** Returns parts that the current programs skip, and known parts in an unreadable form. */
    private static ObjectNode parts() {
        ObjectNode parts = JSON.createObjectNode();
        parts.putObject("gpu").put("model", "x").putArray("load").add(0.5).add(1);
        parts.putNull("nothing");
        parts.put("draining", "2027-01-01T00:00:00Z");
        parts.putObject("labels")
                .put("zone", "a")
                .put("zone.sub", "a1")
                .putArray("racks")
                .add("r1");
        parts.putObject("quality")
                .put("num_msg_queued", "estimated")
                .put("bytes_client_in", "bound")
                .putObject("num_subs")
                .put("within", 0.1);
        ObjectNode extras = parts.putObject("extras");
        extras.putObject("load").put("kind", "gauge").put("rule", "average").put("value", 3);
        extras.putObject("shards")
                .put("kind", "gauge")
                .put("rule", "sum")
                .put("value", 5)
                .put("unit", "1");
        extras.putObject("parts").put("kind", "set").put("rule", "union").putArray("value");
        extras.put("text", "x");
        parts.putObject("totals").put("num_msg_published", 1).put("num_subs", 2);
        parts.putObject("histograms")
                .put("time_api", base64(new byte[] {2, 7, 7, 7}))
                .putObject("time_client")
                .put("form", "exponential");
        parts.putObject("sketches").put("users", CPC).put("rooms", "AAAA");
        return parts;
    }

    /** Publishes a message of an unknown type. */
    void hint() throws Exception {
        publish(JSON.createObjectNode()
                .put("v", 1)
                .put("type", "hint")
                .put("seq", ++seq)
                .set("node", JSON.createObjectNode().put("uid", uid)));
    }

    private void publish(ObjectNode message) throws Exception {
        redis.publish(bytes(tag + ":snapshots"), JSON.writeValueAsBytes(message));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** Sends a leave message with an unknown member. */
    @Override
    public void close() throws Exception {
        redis.del(bytes(tag + ":node:" + uid));
        redis.zrem(bytes(tag + ":nodes"), bytes(uid));
        ObjectNode message =
                JSON.createObjectNode().put("v", version).put("type", "leave").put("seq", ++seq);
        message.putObject("node").put("uid", uid).put("name", name);
        publish(message.put("reason", "upgrade"));
        client.shutdown();
    }
}
