// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.ClusterWindow;
import io.tacho.model.WindowSlot;
import io.tacho.redis.connection.CommandConnection;
import io.tacho.redis.connection.RedisLink;
import io.tacho.store.DistinctWindow;
import io.tacho.store.HistoryMark;
import io.tacho.store.WindowBatches;
import io.tacho.store.WindowHistory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads the windows of the cluster, of all partitions together. */
final class RedisWindowHistory implements WindowHistory {

    /** Entries per request, and of all partitions in memory. */
    private static final int BATCH = 100;

    private static final byte[] ENTRY_BYTES = ascii(SnapshotCodec.MAX_BYTES);

    /** A longer reply ends early, and the rest is requested again. */
    private static final byte[] REPLY_BYTES = ascii(1024 * 1024);

    /** The tolerated clock lag of a new master; within it none of its first changes is missed. */
    private static final long CLOCK_LAG_MILLIS = 1_000;

    private final RedisLink<CommandConnection> link;
    private final RedisKeyspace keyspace;

    RedisWindowHistory(RedisLink<CommandConnection> link, RedisKeyspace keyspace) {
        this.link = link;
        this.keyspace = keyspace;
    }

    /** The changes in a partition's index. */
    private record Index(long nowMillis, List<WindowSlot> changed) {

        static Index of(List<byte[]> reply) {
            List<WindowSlot> slots = reply.stream()
                    .skip(1)
                    .map(member -> SlotMember.parse(new String(member, ISO_8859_1)))
                    .filter(Objects::nonNull)
                    .toList();
            return new Index(Long.parseLong(new String(reply.get(0), ISO_8859_1)), slots);
        }
    }

    @Override
    public CompletionStage<HistoryMark> changedSince(HistoryMark mark, int limit, WindowBatches batches) {
        return link.use(
                "history",
                connection -> ofAllPartitions(partition -> index(connection.commands(), partition, mark))
                        .thenCompose(indexes -> {
                            HistoryMark next = new HistoryMark(indexes.stream()
                                    .map(index -> Math.max(0, index.nowMillis() - CLOCK_LAG_MILLIS))
                                    .toList());
                            return load(connection.commands(), latest(indexes, limit), batches)
                                    .thenApply(loaded -> next);
                        }));
    }

    private CompletionStage<Index> index(
            RedisClusterAsyncCommands<String, byte[]> redis, int partition, HistoryMark mark) {
        long since =
                mark.millis().size() == keyspace.partitions() ? mark.millis().get(partition) : 0;
        CompletionStage<List<byte[]>> reply =
                RedisScript.CHANGED.run(redis, new String[] {keyspace.windows(partition)}, ascii(since));
        return reply.thenApply(Index::of);
    }

    private static List<WindowSlot> latest(List<Index> indexes, int limit) {
        List<WindowSlot> slots = indexes.stream()
                .flatMap(index -> index.changed().stream())
                .distinct()
                .sorted()
                .toList();
        return slots.subList(Math.max(0, slots.size() - limit), slots.size());
    }

    private CompletionStage<Void> load(
            RedisClusterAsyncCommands<String, byte[]> redis, List<WindowSlot> slots, WindowBatches batches) {
        if (slots.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        int batch = Math.min(slots.size(), Math.max(1, BATCH / keyspace.partitions()));
        return load(redis, slots.subList(0, batch))
                .thenCompose(batches::accept)
                .thenCompose(accepted -> load(redis, slots.subList(batch, slots.size()), batches));
    }

    /** A window is whole only with its entries of all partitions, whichever of them has changed. */
    private CompletionStage<List<ClusterWindow>> load(
            RedisClusterAsyncCommands<String, byte[]> redis, List<WindowSlot> slots) {
        return ofAllPartitions(partition -> loadPartition(redis, partition, slots, new HashMap<>()))
                .thenApply(entries -> slots.stream()
                        .map(slot -> new WindowEntry(entries.stream()
                                        .flatMap(ofPartition -> Stream.ofNullable(ofPartition.get(slot)))
                                        .toList())
                                .read(slot))
                        .filter(Objects::nonNull)
                        .toList());
    }

    private CompletionStage<Map<WindowSlot, Map<String, byte[]>>> loadPartition(
            RedisClusterAsyncCommands<String, byte[]> redis,
            int partition,
            List<WindowSlot> slots,
            Map<WindowSlot, Map<String, byte[]>> sofar) {
        if (slots.isEmpty()) {
            return CompletableFuture.completedFuture(sofar);
        }
        String[] keys = slots.stream()
                .limit(BATCH)
                .map(slot -> keyspace.window(partition, slot))
                .toArray(String[]::new);
        CompletionStage<List<byte[]>> reply = RedisScript.LOAD.run(redis, keys, ENTRY_BYTES, REPLY_BYTES);
        return reply.thenCompose(entries -> {
            for (int i = 0; i < entries.size(); i++) {
                Map<String, byte[]> entry = WindowEntry.unpack(entries.get(i));
                if (entry != null) {
                    sofar.put(slots.get(i), entry);
                }
            }
            return loadPartition(redis, partition, slots.subList(entries.size(), slots.size()), sofar);
        });
    }

    private <T> CompletionStage<List<T>> ofAllPartitions(IntFunction<CompletionStage<T>> ask) {
        List<CompletableFuture<T>> parts = new ArrayList<>();
        IntStream.range(0, keyspace.partitions())
                .forEach(partition -> parts.add(ask.apply(partition).toCompletableFuture()));
        return CompletableFuture.allOf(parts.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> parts.stream().map(CompletableFuture::join).toList());
    }

    @Override
    public CompletionStage<Void> add(DistinctWindow distinct) {
        DistinctUnions unions = DistinctUnions.of(distinct);
        return link.use("sketch unions", connection -> unions.write(connection.commands(), keyspace));
    }

    private static byte[] ascii(long number) {
        return Long.toString(number).getBytes(ISO_8859_1);
    }

    @Override
    public void close() {
        link.close();
    }
}
