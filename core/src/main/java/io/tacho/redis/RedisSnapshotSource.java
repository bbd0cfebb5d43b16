// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.tacho.codec.MessagePack;
import io.tacho.codec.SnapshotCodec;
import io.tacho.concurrent.AsyncLimit;
import io.tacho.concurrent.Failures;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.MalformedSnapshotException.Reason;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.redis.connection.CommandConnection;
import io.tacho.redis.connection.EnvelopeReader;
import io.tacho.redis.connection.RedisConnector;
import io.tacho.redis.connection.RedisLink;
import io.tacho.redis.connection.Subscription;
import io.tacho.store.Partitions;
import io.tacho.store.SnapshotBatches;
import io.tacho.store.SnapshotListener;
import io.tacho.store.SnapshotSource;
import io.tacho.store.StoredSnapshot;
import io.tacho.store.TransportException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads messages as defined by the contract: the channels continuously, registry and hashes on request. */
final class RedisSnapshotSource implements SnapshotSource {

    /** So many entries are asked for at a time: other clients of Redis wait for a millisecond or two, not for longer. */
    private static final int BATCH = 200;

    private static final byte[] ENTRY_BYTES =
            Integer.toString(SnapshotCodec.MAX_BYTES).getBytes(UTF_8);

    /** A longer reply is cut, and the rest is requested again. */
    private static final byte[] REPLY_BYTES = Integer.toString(1024 * 1024).getBytes(UTF_8);

    /** The number of lanes of all partitions that load at the same time: it bounds the memory of loads. */
    private static final int LANES = 8;

    /** The number of misplaced nodes of a partition that are looked at. */
    private static final int MISPLACED = 10;

    private final AsyncLimit lanes = new AsyncLimit(LANES);
    private final RedisConnector connector;
    private final RedisKeyspace keyspace;
    private final SnapshotCodec codec;
    private final RedisLink<CommandConnection> commands;

    private volatile @Nullable SnapshotListener listener;
    private volatile @Nullable Subscription subscription;

    RedisSnapshotSource(
            RedisConnector connector,
            RedisLink<CommandConnection> commands,
            RedisKeyspace keyspace,
            SnapshotCodec codec) {
        this.connector = connector;
        this.commands = commands;
        this.keyspace = keyspace;
        this.codec = codec;
    }

    @Override
    public Partitions partitions() {
        return keyspace.partitions();
    }

    @Override
    public void start(SnapshotListener listener) {
        this.listener = listener;
        commands.start();
        List<String> channels = IntStream.range(0, partitions().count())
                .mapToObj(keyspace::channel)
                .toList();
        Subscription started = connector.subscription(channels, new EnvelopeReader(codec, listener));
        subscription = started;
        started.start();
    }

    @Override
    public CompletionStage<Void> loadUnknown(int partition, Predicate<String> known, SnapshotBatches batches) {
        return commands.use(
                keyspace.operation("load all nodes", partition),
                connection -> loadUnknown(connection.commands(), partition, known, batches));
    }

    private CompletionStage<Void> loadUnknown(
            RedisClusterAsyncCommands<String, byte[]> redis,
            int partition,
            Predicate<String> known,
            SnapshotBatches batches) {
        return redis.zrange(keyspace.registry(partition), 0, -1).thenCompose(members -> {
            List<String> uids = new ArrayList<>();
            List<String> misplaced = new ArrayList<>();
            for (byte[] member : members) {
                String uid = MessagePack.utf8(member, 0, member.length);
                if (uid == null) {
                    listener()
                            .onMalformed(new MalformedSnapshotException(
                                    Reason.BAD_FIELD, "registry member: not UTF-8 (expected: UTF-8)"));
                } else if (!known.test(uid)) {
                    (partitions().contains(partition, uid) ? uids : misplaced).add(uid);
                }
            }
            return loadOfOneSlot(redis, partition, uids, batches)
                    .thenCompose(loaded -> reportMisplaced(redis, partition, misplaced));
        });
    }

    /** Reports nodes of agents with another number of partitions, as far as they exist; a few stand for all. */
    private CompletionStage<Void> reportMisplaced(
            RedisClusterAsyncCommands<String, byte[]> redis, int partition, List<String> uids) {
        return loadOfOneSlot(redis, partition, uids.subList(0, Math.min(MISPLACED, uids.size())), entries -> {
            for (StoredSnapshot entry : entries) {
                String uid = entry.envelope().uid();
                listener()
                        .onMalformed(new MalformedSnapshotException(
                                Reason.WRONG_PARTITION,
                                "node " + uid + ": in " + keyspace.tag(partition) + " (expected: in "
                                        + keyspace.tag(keyspace.partitionOf(uid))
                                        + "; its agent has another number of partitions)"));
            }
            return CompletableFuture.completedFuture(null);
        });
    }

    @Override
    public CompletionStage<Void> load(Collection<String> uids, SnapshotBatches batches) {
        List<String> moved = uids.stream()
                .filter(uid -> partitions().previousOf(uid) != keyspace.partitionOf(uid))
                .toList();
        if (moved.isEmpty()) {
            return load(uids, keyspace::partitionOf, batches);
        }
        // a node that was moved may have an entry in both partitions: the one with the higher seq counts
        Map<String, StoredSnapshot> previous = new ConcurrentHashMap<>();
        SnapshotBatches previousBatches = batch -> {
            batch.forEach(entry -> previous.put(entry.envelope().uid(), entry));
            return CompletableFuture.completedFuture(null);
        };
        return load(moved, partitions()::previousOf, previousBatches)
                .thenCompose(loaded -> load(
                        uids,
                        keyspace::partitionOf,
                        batch -> batches.accept(batch.stream()
                                .map(entry -> newer(
                                        entry, previous.remove(entry.envelope().uid())))
                                .toList())))
                .thenCompose(loaded -> batches.accept(List.copyOf(previous.values())));
    }

    private static StoredSnapshot newer(StoredSnapshot entry, @Nullable StoredSnapshot previous) {
        return previous != null && previous.envelope().seq() > entry.envelope().seq() ? previous : entry;
    }

    private CompletionStage<Void> load(
            Collection<String> uids, ToIntFunction<String> partitionOf, SnapshotBatches batches) {
        return all(uids.stream().collect(Collectors.groupingBy(partitionOf::applyAsInt)).entrySet().stream()
                .map(partition -> load(partition.getKey(), partition.getValue(), batches)));
    }

    private CompletionStage<Void> load(int partition, List<String> uids, SnapshotBatches batches) {
        return commands.use(
                        keyspace.operation("load nodes", partition),
                        connection -> loadOfOneSlot(connection.commands(), partition, uids, batches))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        Failures.unwrap(failure) instanceof TransportException cause
                                ? cause.ofPartition(partition)
                                : failure));
    }

    /** In two lanes, so that Redis is busy while its last reply is parsed. */
    private CompletionStage<Void> loadOfOneSlot(
            RedisClusterAsyncCommands<String, byte[]> redis,
            int partition,
            List<String> uids,
            SnapshotBatches batches) {
        int half = uids.size() <= BATCH ? uids.size() : uids.size() / 2;
        return all(Stream.of(uids.subList(0, half), uids.subList(half, uids.size()))
                .filter(lane -> !lane.isEmpty())
                .map(lane -> lanes.run(
                        () -> loadLane(redis, partition, lane, batches, CompletableFuture.completedFuture(null)))));
    }

    /**
     * Loads entries one batch after the other. While a batch is accepted, the next one is read, and no further one.
     *
     * @param accepted completed when the batch before has been accepted
     */
    private CompletionStage<Void> loadLane(
            RedisClusterAsyncCommands<String, byte[]> redis,
            int partition,
            List<String> uids,
            SnapshotBatches batches,
            CompletionStage<Void> accepted) {
        if (uids.isEmpty()) {
            return accepted;
        }
        String[] keys = uids.stream()
                .limit(BATCH)
                .map(uid -> keyspace.node(partition, uid))
                .toArray(String[]::new);
        CompletionStage<List<byte[]>> reply = RedisScript.LOAD.run(redis, keys, ENTRY_BYTES, REPLY_BYTES);
        return reply.thenCompose(entries -> {
            List<StoredSnapshot> batch = new ArrayList<>(entries.size());
            for (int i = 0; i < entries.size(); i++) {
                read(uids.get(i), entries.get(i)).ifPresent(batch::add);
            }
            List<String> rest = uids.subList(entries.size(), uids.size());
            return accepted.thenCompose(before -> loadLane(redis, partition, rest, batches, batches.accept(batch)));
        });
    }

    private Optional<StoredSnapshot> read(String uid, byte[] packed) {
        try {
            PackedEntry entry = PackedEntry.of(packed);
            if (entry.isMissing()) {
                return Optional.empty();
            }
            entry.requireReadable(uid);
            SnapshotEnvelope envelope = codec.fromHash(
                    entry.fields(),
                    entry.remainingMillis(),
                    problem -> listener().onMalformed(problem));
            if (!envelope.uid().equals(uid)) {
                throw new MalformedSnapshotException(
                        Reason.WRONG_KEY, "entry of " + uid + ": uid " + envelope.uid() + " (expected: the key's)");
            }
            return Optional.of(new StoredSnapshot(envelope, entry.remainingMillis()));
        } catch (MalformedSnapshotException e) {
            listener().onMalformed(e);
            return Optional.empty();
        }
    }

    private SnapshotListener listener() {
        return Objects.requireNonNull(listener, "not started");
    }

    private static CompletionStage<Void> all(Stream<CompletionStage<Void>> parts) {
        return CompletableFuture.allOf(
                parts.map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new));
    }

    @Override
    public void close() {
        Subscription started = subscription;
        if (started != null) {
            started.close();
        }
        commands.close();
    }
}
