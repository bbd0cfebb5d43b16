// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.tacho.codec.WindowCodec;
import io.tacho.model.WindowSlot;
import io.tacho.redis.WindowEntry.Value;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Merges the values of a window's entry into one, so that its size does not depend on the number of nodes. Any program may do so at any
 * time: readers merge what they find, so the window stays the same, and of several programs that merge at the same time one succeeds.
 */
final class WindowCompaction {

    /** The largest number of values that are merged at once: Lua does not take many more arguments. */
    private static final int MAX_VALUES = 1_000;

    private WindowCompaction() {}

    /** Merges the values of an entry; completes when that is done, or another program has done it. */
    static CompletionStage<?> run(
            RedisClusterAsyncCommands<String, byte[]> redis, RedisKeyspace keyspace, int partition, WindowSlot slot) {
        String key = keyspace.window(partition, slot);
        return redis.hgetall(key).thenCompose(fields -> replace(redis, key, slot, fields));
    }

    private static CompletionStage<?> replace(
            RedisClusterAsyncCommands<String, byte[]> redis, String key, WindowSlot slot, Map<String, byte[]> fields) {
        List<Value> values = WindowEntry.of(slot, fields).values();
        if (values.size() < 2) {
            return CompletableFuture.completedFuture(0L);
        }
        WindowEntry first = new WindowEntry(values.subList(0, Math.min(values.size(), MAX_VALUES)));
        byte[][] arguments = new byte[2 + first.values().size()][];
        long count = first.values().get(first.values().size() - 1).count();
        arguments[0] = ascii(count + ":" + UUID.randomUUID());
        arguments[1] = WindowCodec.write(first.merged());
        for (int i = 2; i < arguments.length; i++) {
            arguments[i] = ascii(first.values().get(i - 2).name());
        }
        return RedisScript.COMPACT.run(redis, new String[] {key}, arguments);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
