// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.tacho.redis.connection.RedisSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * A reader of the cluster that supports only the first version of the contract: the 22 fields, {@code v}, {@code seq},
 * {@code ttl_ms} and {@code metrics_interval}. It shares no code with the programs.
 */
final class FirstContractReader implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TEXTS = List.of("uid", "name");
    private static final List<String> NUMBERS = List.of(
            "num_goroutine",
            "num_clients",
            "num_unique_clients",
            "num_channels",
            "started_at",
            "gomaxprocs",
            "num_cpu",
            "num_msg_published",
            "num_msg_queued",
            "num_msg_sent",
            "num_api_requests",
            "num_client_requests",
            "bytes_client_in",
            "bytes_client_out",
            "time_api_mean",
            "time_client_mean",
            "time_api_max",
            "time_client_max",
            "memory_sys",
            "cpu_usage");

    private final RedisClient client;
    private final RedisCommands<String, String> redis;
    private final String tag;
    private final ConcurrentMap<String, Map<String, Object>> received = new ConcurrentHashMap<>();

    FirstContractReader(RedisSettings settings) {
        client = RedisClient.create(settings.uri());
        tag = "{" + settings.namespace() + ":0}";
        StatefulRedisPubSubConnection<String, String> subscription = client.connectPubSub();
        subscription.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, String message) {
                onMessage(message);
            }
        });
        subscription.sync().subscribe(tag + ":snapshots");
        redis = client.connect().sync();
    }

    private void onMessage(String message) {
        JsonNode envelope;
        try {
            envelope = JSON.readTree(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (envelope.path("v").asInt() != 1) {
            return;
        }
        JsonNode node = envelope.path("node");
        switch (envelope.path("type").asText()) {
            case "snapshot" -> {
                require(envelope, List.of("seq", "ttl_ms", "metrics_interval"));
                require(node, NUMBERS);
                Map<String, Object> fields = new TreeMap<>();
                TEXTS.forEach(field -> fields.put(field, node.path(field).textValue()));
                NUMBERS.forEach(field -> fields.put(field, node.path(field).longValue()));
                received.put(node.path("uid").asText(), fields);
            }
            case "leave" -> received.remove(node.path("uid").asText());
            default -> {}
        }
    }

    private static void require(JsonNode object, List<String> integers) {
        for (String field : integers) {
            if (!object.path(field).isIntegralNumber()) {
                throw new IllegalStateException(field + ": " + object.path(field) + " (expected: an integer)");
            }
        }
    }

    /** Returns the 22 fields of each node received by messages, by uid. */
    Map<String, Map<String, Object>> received() {
        return Map.copyOf(received);
    }

    /** Returns the 22 fields of each node stored in Redis, by uid. */
    Map<String, Map<String, Object>> stored() {
        Map<String, Map<String, Object>> nodes = new TreeMap<>();
        for (String uid : redis.zrange(tag + ":nodes", 0, -1)) {
            Map<String, String> hash = redis.hgetall(tag + ":node:" + uid);
            if ("1".equals(hash.get("v")) && redis.pttl(tag + ":node:" + uid) > 0) {
                Map<String, Object> fields = new TreeMap<>();
                TEXTS.forEach(field -> fields.put(field, hash.get(field)));
                NUMBERS.forEach(field -> fields.put(field, Long.parseLong(hash.get(field))));
                nodes.put(uid, fields);
            }
        }
        return nodes;
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
