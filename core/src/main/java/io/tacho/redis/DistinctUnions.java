// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.tacho.sketch.DistinctSketch;
import io.tacho.sketch.DistinctUnion;
import io.tacho.store.DistinctWindow;
import io.tacho.store.TransportException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Unions that are on their way into a window's entry, that of partition 0. */
record DistinctUnions(WindowSlot slot, Part users, Part channels) {

    /** Aggregators that write at the same time get in each other's way so often at the most, but in a very large cluster. */
    private static final int ATTEMPTS = 10;

    /** A union and of how many nodes it is; null where there is none. */
    record Part(@Nullable DistinctSketch sketch, byte[] bytes, long nodes) {

        static final Part NONE = new Part(null, new byte[0], 0);

        static Part of(@Nullable String text, long nodes) {
            return text == null ? NONE : of(DistinctSketch.parse(text), nodes);
        }

        private static Part of(DistinctSketch sketch, long nodes) {
            return new Part(sketch, Base64.getDecoder().decode(sketch.toText()), nodes);
        }

        /** What stands in an entry; nothing if it is no sketch. */
        static Part standing(byte[] bytes, byte[] nodes) {
            try {
                DistinctSketch sketch = bytes.length == 0
                        ? null
                        : DistinctSketch.parse(Base64.getEncoder().encodeToString(bytes));
                return new Part(sketch, bytes, nodes.length == 0 ? 0 : Long.parseLong(new String(nodes, ISO_8859_1)));
            } catch (IllegalArgumentException e) {
                return new Part(null, bytes, 0);
            }
        }

        /** Both together: what stands there itself, if this adds nothing to it. */
        Part with(Part standing) {
            if (sketch == null || standing.sketch == null) {
                return sketch == null ? standing : this;
            }
            DistinctUnion union = new DistinctUnion();
            union.add(standing.sketch);
            union.add(sketch);
            boolean adds = !union.count().equals(standing.sketch.count());
            if (!adds && nodes <= standing.nodes) {
                return standing;
            }
            long most = Math.max(nodes, standing.nodes);
            return adds ? of(union.toSketch(), most) : new Part(standing.sketch, standing.bytes, most);
        }

        byte[] nodesText() {
            return bytes.length == 0 ? bytes : Long.toString(nodes).getBytes(ISO_8859_1);
        }
    }

    /** @throws IllegalArgumentException for a text that is no sketch */
    static DistinctUnions of(DistinctWindow window) {
        return new DistinctUnions(
                new WindowSlot(window.intervalSeconds(), window.startMillis()),
                Part.of(window.users(), window.usersNodes()),
                Part.of(window.channels(), window.channelsNodes()));
    }

    CompletionStage<Void> write(RedisClusterAsyncCommands<String, byte[]> redis, RedisKeyspace keyspace) {
        return write(redis, keyspace, Part.NONE, Part.NONE, ATTEMPTS);
    }

    private CompletionStage<Void> write(
            RedisClusterAsyncCommands<String, byte[]> redis,
            RedisKeyspace keyspace,
            Part standingUsers,
            Part standingChannels,
            int attempts) {
        Part newUsers = users.with(standingUsers);
        Part newChannels = channels.with(standingChannels);
        if (newUsers.equals(standingUsers) && newChannels.equals(standingChannels)) {
            return CompletableFuture.completedFuture(null);
        }
        if (attempts == 0) {
            return CompletableFuture.failedFuture(
                    new TransportException("window " + slot.member() + ": others write it all the time", null));
        }
        String[] keys = {keyspace.window(0, slot), keyspace.windows(0)};
        CompletionStage<List<byte[]>> answer = RedisScript.UNION.run(
                redis,
                keys,
                slot.member().getBytes(ISO_8859_1),
                Long.toString(slot.lifeMillis(WindowSlot.DEFAULT_HISTORY)).getBytes(ISO_8859_1),
                standingUsers.bytes(),
                standingChannels.bytes(),
                newUsers.bytes(),
                newUsers.nodesText(),
                newChannels.bytes(),
                newChannels.nodesText());
        return answer.thenCompose(standing -> standing.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : write(
                        redis,
                        keyspace,
                        Part.standing(standing.get(0), standing.get(1)),
                        Part.standing(standing.get(2), standing.get(3)),
                        attempts - 1));
    }
}
