// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.SnapshotSource;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.MalformedListener;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Reads the nodes stored in Redis, for comparison with a response.
 *
 * <p>Thread safety: confined to one thread.
 */
final class StoredNodes implements AutoCloseable {

    private static final int SHOWN = 10;

    private final SnapshotCodec codec = new SnapshotCodec();
    private final ObjectMapper json = new ObjectMapper();
    private final RedisTransport transport;
    private final SnapshotSource source;
    private final MalformedListener listener = new MalformedListener();

    StoredNodes(RedisSettings settings) {
        transport = new RedisTransport(settings, codec);
        source = transport.source();
        source.start(listener);
    }

    /** {@return the 22 fields of every stored node, by uid} */
    Map<String, JsonNode> byUid() throws Exception {
        List<StoredSnapshot> all = source.loadAll().toCompletableFuture().get(60, TimeUnit.SECONDS);
        if (!listener.malformed.isEmpty()) {
            throw new IOException("malformed entry", listener.malformed.peek());
        }
        Map<String, JsonNode> byUid = new TreeMap<>();
        for (StoredSnapshot node : all) {
            byUid.put(
                    node.envelope().uid(),
                    json.readTree(codec.encodeNode(node.envelope().snapshot())));
        }
        return byUid;
    }

    /** {@return the first differences of a response of /stats; empty if it has exactly the expected nodes} */
    List<String> differences(InputStream stats, Map<String, JsonNode> expected) throws IOException {
        List<String> differences = new ArrayList<>();
        Set<String> missing = new HashSet<>(expected.keySet());
        try (JsonParser parser = json.createParser(stats)) {
            while (parser.nextToken() != JsonToken.START_ARRAY) {
                if (parser.currentToken() == null) {
                    return List.of("no array of nodes");
                }
            }
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                JsonNode node = parser.readValueAsTree();
                String uid = node.path("uid").asText();
                if (!missing.remove(uid)) {
                    differences.add(uid + " is unexpected or there twice");
                } else if (!node.equals(expected.get(uid))) {
                    differences.add(node + " instead of " + expected.get(uid));
                }
            }
        }
        missing.forEach(uid -> differences.add(uid + " is missing"));
        return differences.size() <= SHOWN
                ? differences
                : List.of(differences.size() + " differences", differences.get(0), differences.get(1));
    }

    /** {@return the sums of some fields over all nodes} */
    static String sums(Collection<JsonNode> nodes) {
        StringBuilder line = new StringBuilder();
        for (Field field : List.of(Field.NUM_CLIENTS, Field.NUM_MSG_SENT, Field.BYTES_CLIENT_OUT, Field.NUM_CPU)) {
            long sum = nodes.stream()
                    .mapToLong(node -> node.path(field.wireName()).asLong())
                    .sum();
            line.append(field.wireName()).append(' ').append(sum).append(", ");
        }
        return line + "of " + nodes.size() + " nodes";
    }

    @Override
    public void close() {
        source.close();
        transport.close();
    }
}
