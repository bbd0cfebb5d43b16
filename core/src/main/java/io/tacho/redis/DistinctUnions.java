// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.tacho.model.WindowSlot;
import io.tacho.sketch.DistinctSketch;
import io.tacho.sketch.DistinctUnion;
import io.tacho.sketch.Encoded;
import io.tacho.store.DistinctWindow;
import io.tacho.store.TransportException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Unions that are on their way into a window's entry, that of partition 0. */
record DistinctUnions(WindowSlot slot, Part users, Part channels) {

    /** More than the number of conflicts between aggregators that write at the same time, except in a very large cluster. */
    private static final int ATTEMPTS = 10;

    /** A union and of how many nodes it is; null where there is none. */
    record Part(@Nullable DistinctSketch sketch, byte[] bytes, long nodes) {

        static final Part NONE = new Part(null, new byte[0], 0);

        static Part of(@Nullable DistinctSketch sketch, long nodes) {
            return sketch == null ? NONE : new Part(sketch, sketch.encoded().bytes(), nodes);
        }

        /** {@return the stored union; without a sketch if it is unreadable} */
        static Part stored(byte[] bytes, byte[] nodes) {
            DistinctSketch sketch = Encoded.sketch(bytes).decodeIfReadable().orElse(null);
            return new Part(sketch, bytes, sketch == null ? 0 : number(nodes));
        }

        private static long number(byte[] digits) {
            try {
                return Long.parseLong(new String(digits, ISO_8859_1));
            } catch (NumberFormatException e) {
                return 0;
            }
        }

        /** Both together: what stands there itself, if this adds nothing to it. */
        Part with(Part stored) {
            if (sketch == null || stored.sketch == null) {
                return sketch == null ? stored : this;
            }
            DistinctUnion union = new DistinctUnion();
            union.add(stored.sketch);
            union.add(sketch);
            boolean adds = !union.count().equals(stored.sketch.count());
            if (!adds && nodes <= stored.nodes) {
                return stored;
            }
            long most = Math.max(nodes, stored.nodes);
            return adds ? of(union.toSketch(), most) : new Part(stored.sketch, stored.bytes, most);
        }

        byte[] nodesText() {
            return bytes.length == 0 ? bytes : Long.toString(nodes).getBytes(ISO_8859_1);
        }
    }

    static DistinctUnions of(DistinctWindow window) {
        return new DistinctUnions(
                window.slot(),
                Part.of(window.users(), window.usersNodes()),
                Part.of(window.channels(), window.channelsNodes()));
    }

    CompletionStage<Void> write(RedisClusterAsyncCommands<String, byte[]> redis, RedisKeyspace keyspace) {
        return write(redis, keyspace, Part.NONE, Part.NONE, ATTEMPTS);
    }

    private CompletionStage<Void> write(
            RedisClusterAsyncCommands<String, byte[]> redis,
            RedisKeyspace keyspace,
            Part storedUsers,
            Part storedChannels,
            int attempts) {
        Part newUsers = users.with(storedUsers);
        Part newChannels = channels.with(storedChannels);
        if (newUsers.equals(storedUsers) && newChannels.equals(storedChannels)) {
            return CompletableFuture.completedFuture(null);
        }
        if (attempts == 0) {
            return CompletableFuture.failedFuture(
                    new TransportException("window " + SlotMember.of(slot) + ": others write it all the time", null));
        }
        String[] keys = {keyspace.window(0, slot), keyspace.windows(0)};
        CompletionStage<List<byte[]>> reply = RedisScript.UNION.run(
                redis,
                keys,
                SlotMember.of(slot).getBytes(ISO_8859_1),
                Long.toString(SlotMember.lifeMillis(slot, SlotMember.DEFAULT_HISTORY))
                        .getBytes(ISO_8859_1),
                storedUsers.bytes(),
                storedChannels.bytes(),
                newUsers.bytes(),
                newUsers.nodesText(),
                newChannels.bytes(),
                newChannels.nodesText());
        return reply.thenCompose(stored -> stored.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : write(
                        redis,
                        keyspace,
                        Part.stored(stored.get(0), stored.get(1)),
                        Part.stored(stored.get(2), stored.get(3)),
                        attempts - 1));
    }
}
