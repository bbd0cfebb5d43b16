// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.tacho.concurrent.Failures;
import io.tacho.model.ClusterWindow;
import io.tacho.model.WindowSlot;
import io.tacho.redis.connection.CommandConnection;
import io.tacho.redis.connection.RedisLink;
import io.tacho.store.HistoryMark;
import io.tacho.store.TransportException;
import io.tacho.store.WindowChanges;
import io.tacho.store.WindowHistory;
import io.tacho.store.WindowMerge;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the windows of the cluster, of all partitions together; without those partitions that cannot be read now. */
final class RedisWindowHistory implements WindowHistory {

    /** Entries per request, and windows of all partitions in memory before they are merged. */
    private static final int BATCH = 100;

    private static final byte[] ENTRY_BYTES = ascii(WindowEntry.MAX_BYTES);

    /** A longer reply ends early, and the rest is requested again. */
    private static final byte[] REPLY_BYTES = ascii(1024 * 1024);

    private static final byte[] USERS = WindowEntry.USERS.getBytes(ISO_8859_1);
    private static final byte[] CHANNELS = WindowEntry.CHANNELS.getBytes(ISO_8859_1);

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
    public CompletionStage<WindowChanges> changedSince(HistoryMark mark, int limit, long maxBytes) {
        return ofAllPartitions(partition ->
                        use(partition, redis -> index(redis, partition, sinceMillis(mark, partition))))
                .thenCompose(indexes -> {
                    Reading reading = new Reading(indexes, maxBytes);
                    return load(latest(indexes, limit), reading).thenApply(done -> changes(mark, indexes, reading));
                });
    }

    /** The windows that have been read so far, the latest first, and the partitions that they lack. */
    private static final class Reading {

        final List<ClusterWindow> windows = new ArrayList<>();
        final Set<Integer> missing = new HashSet<>();
        long bytesLeft;

        Reading(List<Optional<Index>> indexes, long maxBytes) {
            bytesLeft = maxBytes;
            addMissing(indexes);
        }

        void addMissing(List<? extends Optional<?>> ofPartitions) {
            for (int partition = 0; partition < ofPartitions.size(); partition++) {
                if (ofPartitions.get(partition).isEmpty()) {
                    missing.add(partition);
                }
            }
        }
    }

    /** Loads windows, the latest first and a batch at a time, until they have the maximum of bytes. */
    private CompletionStage<Void> load(List<WindowSlot> slots, Reading reading) {
        if (slots.isEmpty() || reading.bytesLeft <= 0) {
            return CompletableFuture.completedFuture(null);
        }
        int first = Math.max(
                0, slots.size() - Math.max(1, BATCH / keyspace.partitions().count()));
        List<WindowSlot> batch = slots.subList(first, slots.size());
        return ofAllPartitions(partition -> reading.missing.contains(partition)
                        ? CompletableFuture.<Map<WindowSlot, ClusterWindow>>failedFuture(
                                new TransportException("partition " + partition + " not read", null))
                        : use(partition, redis -> loadPartition(redis, partition, batch, new HashMap<>())))
                .thenCompose(entries -> {
                    reading.addMissing(entries);
                    for (int i = batch.size() - 1; i >= 0 && reading.bytesLeft > 0; i--) {
                        ClusterWindow window = window(batch.get(i), entries);
                        if (window != null) {
                            reading.windows.add(window);
                            reading.bytesLeft -= window.memoryBytes();
                        }
                    }
                    return load(slots.subList(0, first), reading);
                });
    }

    /** Returns a window of the entries of all partitions, whichever of them has changed; null if it has none. */
    private static @Nullable ClusterWindow window(
            WindowSlot slot, List<Optional<Map<WindowSlot, ClusterWindow>>> partitions) {
        List<ClusterWindow> windows = partitions.stream()
                .flatMap(Optional::stream)
                .flatMap(ofPartition -> Stream.ofNullable(ofPartition.get(slot)))
                .toList();
        return windows.isEmpty() ? null : WindowMerge.merge(windows);
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

    private WindowChanges changes(HistoryMark mark, List<Optional<Index>> indexes, Reading reading) {
        List<Long> next = new ArrayList<>();
        for (int partition = 0; partition < indexes.size(); partition++) {
            Index read = reading.missing.contains(partition)
                    ? null
                    : indexes.get(partition).orElse(null);
            next.add(read == null ? sinceMillis(mark, partition) : Math.max(0, read.nowMillis() - CLOCK_LAG_MILLIS));
        }
        Collections.reverse(reading.windows);
        long now = indexes.stream()
                .flatMap(Optional::stream)
                .mapToLong(Index::nowMillis)
                .findFirst()
                .orElse(0);
        return new WindowChanges(reading.windows, new HistoryMark(next), reading.missing.size(), now);
    }

    private CompletionStage<Map<WindowSlot, ClusterWindow>> loadPartition(
            RedisClusterAsyncCommands<String, byte[]> redis,
            int partition,
            List<WindowSlot> slots,
            Map<WindowSlot, ClusterWindow> sofar) {
        if (slots.isEmpty()) {
            return CompletableFuture.completedFuture(sofar);
        }
        String[] keys = slots.stream()
                .limit(BATCH)
                .flatMap(slot -> keyspace.windowKeys(partition, slot).stream())
                .toArray(String[]::new);
        CompletionStage<List<byte[]>> reply =
                RedisScript.LOAD.run(redis, keys, ENTRY_BYTES, REPLY_BYTES, USERS, CHANNELS);
        return reply.thenCompose(entries -> {
            for (int i = 0; i < entries.size(); i++) {
                Map<String, byte[]> entry = PackedEntry.bytes(entries.get(i));
                ClusterWindow window = entry == null ? null : WindowEntry.read(slots.get(i), entry);
                if (window != null) {
                    sofar.put(slots.get(i), window);
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

    private static byte[] ascii(long number) {
        return Long.toString(number).getBytes(ISO_8859_1);
    }

    @Override
    public void close() {
        link.close();
    }
}
