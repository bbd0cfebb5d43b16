// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.KeyValue;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.tacho.codec.WindowCodec;
import io.tacho.model.WindowSlot;
import io.tacho.redis.WindowEntry.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Merges the values of a window's entry into one, so that its size does not depend on the number of nodes. Any program may do so at any
 * time: readers merge what they find, so the window stays the same, and of several programs that merge at the same time one succeeds.
 *
 * <p>The oldest {@value #MAX_VALUES} values are merged first, and then the result with the next ones: memory is bounded by these.
 */
final class WindowCompaction {

    static final int MAX_VALUES = 64;

    /** With more values than uploads leave by themselves an entry may have been too large for readers. */
    private static final int READABLE_VALUES = 48;

    private final RedisClusterAsyncCommands<String, byte[]> redis;
    private final WindowSlot slot;
    private final String key;
    private final String index;

    private WindowCompaction(
            RedisClusterAsyncCommands<String, byte[]> redis, RedisKeyspace keyspace, int partition, WindowSlot slot) {
        this.redis = redis;
        this.slot = slot;
        key = keyspace.window(partition, slot);
        index = keyspace.windows(partition);
    }

    /** Merges the values of an entry; completes when that is done, or another program has done it. */
    static CompletionStage<Long> run(
            RedisClusterAsyncCommands<String, byte[]> redis, RedisKeyspace keyspace, int partition, WindowSlot slot) {
        return new WindowCompaction(redis, keyspace, partition, slot).mergeAll();
    }

    private CompletionStage<Long> mergeAll() {
        return redis.hkeys(key).thenCompose(fields -> merge(WindowEntry.names(fields), 0));
    }

    /** @param from the place of the first name to be merged: values before it are unreadable, or of a later version */
    private CompletionStage<Long> merge(List<String> names, int from) {
        List<String> oldest = names.subList(from, Math.min(names.size(), from + MAX_VALUES));
        if (oldest.size() < 2) {
            return CompletableFuture.completedFuture(0L);
        }
        return redis.hmget(key, oldest.toArray(new String[0])).thenCompose(fields -> {
            WindowEntry entry = WindowEntry.of(slot, present(fields));
            int next = from + oldest.size();
            if (entry.values().size() < 2) {
                return merge(names, next);
            }
            return replace(entry, names.size() > READABLE_VALUES)
                    .thenCompose(replaced -> replaced == 1 && next < names.size()
                            ? mergeAll()
                            : CompletableFuture.completedFuture(replaced));
        });
    }

    private static Map<String, byte[]> present(List<KeyValue<String, byte[]>> fields) {
        Map<String, byte[]> present = new HashMap<>();
        fields.forEach(field -> field.ifHasValue(value -> present.put(field.getKey(), value)));
        return present;
    }

    private CompletionStage<Long> replace(WindowEntry entry, boolean changesForReaders) {
        List<Value> values = entry.values();
        byte[][] arguments = new byte[3 + values.size()][];
        long count = values.get(values.size() - 1).count();
        arguments[0] = ascii(changesForReaders ? SlotMember.of(slot) : "");
        arguments[1] = ascii(count + ":" + UUID.randomUUID());
        arguments[2] = WindowCodec.write(entry.merged());
        for (int i = 3; i < arguments.length; i++) {
            arguments[i] = ascii(values.get(i - 3).name());
        }
        return RedisScript.COMPACT.run(redis, new String[] {key, index}, arguments);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
