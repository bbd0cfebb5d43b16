// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.tacho.codec.SnapshotCodec;
import io.tacho.concurrent.Failures;
import io.tacho.model.ClusterWindow;
import io.tacho.model.WindowSlot;
import io.tacho.redis.connection.CommandConnection;
import io.tacho.redis.connection.RedisLink;
import io.tacho.store.DistinctWindow;
import io.tacho.store.HistoryMark;
import io.tacho.store.TransportException;
import io.tacho.store.WindowChanges;
import io.tacho.store.WindowHistory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads the windows of the cluster, of all partitions together; without those partitions that cannot be read now. */
final class RedisWindowHistory implements WindowHistory {

    /** Entries per request. */
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
    public CompletionStage<WindowChanges> changedSince(HistoryMark mark, int limit) {
        return ofAllPartitions(partition ->
                        use(partition, redis -> index(redis, partition, sinceMillis(mark, partition))))
                .thenCompose(indexes -> {
                    List<WindowSlot> latest = latest(indexes, limit);
                    return ofAllPartitions(partition -> indexes.get(partition).isEmpty()
                                    ? CompletableFuture.<Map<WindowSlot, Map<String, byte[]>>>failedFuture(
                                            new TransportException(
                                                    "index of partition " + partition + " not read", null))
                                    : use(partition, redis -> loadPartition(redis, partition, latest, new HashMap<>())))
                            .thenApply(entries -> changes(mark, indexes, latest, entries));
                });
    }

    private long sinceMillis(HistoryMark mark, int partition) {
        return mark.millis().size() == keyspace.partitions().count()
                ? mark.millis().get(partition)
                : 0;
    }

    private <T> CompletionStage<T> use(
            int partition, Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> use) {
        return link.use(keyspace.operation("history", partition), connection -> use.apply(connection.commands()));
    }

    private CompletionStage<Index> index(RedisClusterAsyncCommands<String, byte[]> redis, int partition, long since) {
        CompletionStage<List<byte[]>> reply =
                RedisScript.CHANGED.run(redis, new String[] {keyspace.windows(partition)}, ascii(since));
        return reply.thenApply(Index::of);
    }

    private static List<WindowSlot> latest(List<Optional<Index>> indexes, int limit) {
        List<WindowSlot> slots = indexes.stream()
                .flatMap(Optional::stream)
                .flatMap(index -> index.changed().stream())
                .distinct()
                .sorted()
                .toList();
        return slots.subList(Math.max(0, slots.size() - limit), slots.size());
    }

    /** A window is whole only with its entries of all partitions, whichever of them has changed. */
    private WindowChanges changes(
            HistoryMark mark,
            List<Optional<Index>> indexes,
            List<WindowSlot> slots,
            List<Optional<Map<WindowSlot, Map<String, byte[]>>>> entries) {
        List<Long> next = new ArrayList<>();
        for (int partition = 0; partition < entries.size(); partition++) {
            Index read = entries.get(partition).isEmpty()
                    ? null
                    : indexes.get(partition).orElse(null);
            next.add(read == null ? sinceMillis(mark, partition) : Math.max(0, read.nowMillis() - CLOCK_LAG_MILLIS));
        }
        List<ClusterWindow> windows = slots.stream()
                .map(slot -> new WindowEntry(entries.stream()
                                .flatMap(Optional::stream)
                                .flatMap(ofPartition -> Stream.ofNullable(ofPartition.get(slot)))
                                .toList())
                        .read(slot))
                .filter(Objects::nonNull)
                .toList();
        int missing = (int) entries.stream().filter(Optional::isEmpty).count();
        return new WindowChanges(windows, new HistoryMark(next), missing);
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

    /** Reads from all partitions; empty for one that fails. Fails if all do. */
    private <T> CompletionStage<List<Optional<T>>> ofAllPartitions(IntFunction<CompletionStage<T>> read) {
        List<CompletableFuture<T>> parts = IntStream.range(
                        0, keyspace.partitions().count())
                .mapToObj(partition -> read.apply(partition).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(parts.toArray(new CompletableFuture<?>[0]))
                .handle((done, failure) -> {
                    if (failure != null && parts.stream().allMatch(CompletableFuture::isCompletedExceptionally)) {
                        throw new CompletionException(Failures.unwrap(failure));
                    }
                    return parts.stream()
                            .map(part ->
                                    part.isCompletedExceptionally() ? Optional.<T>empty() : Optional.of(part.join()))
                            .toList();
                });
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
