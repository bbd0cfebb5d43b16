// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.tacho.codec.MalformedSnapshotException;
import io.tacho.codec.MalformedSnapshotException.Reason;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.transport.SnapshotListener;
import io.tacho.transport.SnapshotSource;
import io.tacho.transport.StoredSnapshot;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads what the contract says: the channels all the time, registry and hashes when asked. */
final class RedisSnapshotSource implements SnapshotSource {

    /** PTTL's answer where there is no key. */
    private static final long KEY_IS_MISSING = -2;

    /** So many entries are asked for at a time: each batch has the whole command timeout, also on a busy machine. */
    private static final int BATCH = 200;

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
    public void start(SnapshotListener listener) {
        this.listener = listener;
        commands.start();
        List<String> channels = IntStream.range(0, keyspace.partitions())
                .mapToObj(keyspace::channel)
                .toList();
        Subscription started = connector.subscription(channels, new EnvelopeReader(codec, listener));
        subscription = started;
        started.start();
    }

    @Override
    public CompletionStage<List<StoredSnapshot>> loadUnknown(Predicate<String> known) {
        return commands.use(connection -> {
            RedisClusterAsyncCommands<String, byte[]> redis = connection.commands();
            return all(IntStream.range(0, keyspace.partitions())
                            .mapToObj(partition -> loadPartition(redis, partition, known))
                            .toList())
                    .thenApply(partitions ->
                            partitions.stream().flatMap(List::stream).toList());
        });
    }

    private CompletionStage<List<StoredSnapshot>> loadPartition(
            RedisClusterAsyncCommands<String, byte[]> redis, int partition, Predicate<String> known) {
        return redis.zrange(keyspace.registry(partition), 0, -1).thenCompose(members -> {
            List<String> uids = new ArrayList<>();
            for (byte[] member : members) {
                try {
                    String uid = decodeUtf8("registry member", member);
                    if (!known.test(uid)) {
                        uids.add(uid);
                    }
                } catch (MalformedSnapshotException e) {
                    listener().onMalformed(e);
                }
            }
            return load(redis, uids);
        });
    }

    @Override
    public CompletionStage<List<StoredSnapshot>> load(Collection<String> uids) {
        return commands.use(connection -> load(connection.commands(), List.copyOf(uids)));
    }

    private CompletionStage<List<StoredSnapshot>> load(
            RedisClusterAsyncCommands<String, byte[]> redis, List<String> uids) {
        CompletionStage<List<StoredSnapshot>> loaded = CompletableFuture.completedFuture(new ArrayList<>(uids.size()));
        for (int from = 0; from < uids.size(); from += BATCH) {
            List<String> batch = uids.subList(from, Math.min(from + BATCH, uids.size()));
            loaded = loaded.thenCompose(sofar -> loadBatch(redis, batch).thenApply(more -> {
                sofar.addAll(more);
                return sofar;
            }));
        }
        return loaded;
    }

    private CompletionStage<List<StoredSnapshot>> loadBatch(
            RedisClusterAsyncCommands<String, byte[]> redis, List<String> uids) {
        return all(uids.stream().map(uid -> loadEntry(redis, uid)).toList())
                .thenApply(entries -> entries.stream().flatMap(Optional::stream).toList());
    }

    private CompletionStage<Optional<StoredSnapshot>> loadEntry(
            RedisClusterAsyncCommands<String, byte[]> redis, String uid) {
        String key = keyspace.node(uid);
        RedisFuture<Map<String, byte[]>> hash = redis.hgetall(key);
        return hash.thenCombine(redis.pttl(key), (fields, remainingMillis) -> read(uid, fields, remainingMillis))
                .exceptionally(failure -> {
                    Throwable cause = RedisLink.unwrap(failure);
                    if (cause instanceof RedisCommandExecutionException && isWrongType(cause)) {
                        // somebody else's key under our name spoils this one entry, not the load
                        listener()
                                .onMalformed(new MalformedSnapshotException(
                                        Reason.BAD_FIELD, "entry of " + uid + ": " + cause.getMessage()));
                        return Optional.empty();
                    }
                    throw new CompletionException(cause);
                });
    }

    /** Any other error (LOADING, CLUSTERDOWN, NOPERM, …) tells nothing of the entry: the load has failed. */
    private static boolean isWrongType(Throwable failure) {
        String message = failure.getMessage();
        return message != null && message.startsWith("WRONGTYPE");
    }

    private Optional<StoredSnapshot> read(String uid, Map<String, byte[]> fields, long remainingMillis) {
        if (fields.isEmpty() || remainingMillis == KEY_IS_MISSING) {
            return Optional.empty();
        }
        try {
            if (remainingMillis < 0) {
                throw new MalformedSnapshotException(
                        Reason.NO_TTL, "entry of " + uid + ": no TTL (expected: PEXPIRE with ttl_ms)");
            }
            Map<String, String> hash = new LinkedHashMap<>(fields.size() * 2);
            for (Map.Entry<String, byte[]> field : fields.entrySet()) {
                hash.put(field.getKey(), decodeUtf8(field.getKey(), field.getValue()));
            }
            SnapshotEnvelope envelope = codec.fromHash(hash, remainingMillis);
            if (!envelope.uid().equals(uid)) {
                throw new MalformedSnapshotException(
                        Reason.WRONG_KEY, "entry of " + uid + ": uid " + envelope.uid() + " (expected: the key's)");
            }
            return Optional.of(new StoredSnapshot(envelope, remainingMillis));
        } catch (MalformedSnapshotException e) {
            listener().onMalformed(e);
            return Optional.empty();
        }
    }

    private static String decodeUtf8(String what, byte[] value) throws MalformedSnapshotException {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedSnapshotException(Reason.BAD_FIELD, what + ": not UTF-8 (expected: UTF-8)");
        }
    }

    private SnapshotListener listener() {
        return Objects.requireNonNull(listener, "not started");
    }

    private static <T> CompletionStage<List<T>> all(List<? extends CompletionStage<T>> stages) {
        CompletableFuture<?>[] futures =
                stages.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(futures)
                .thenApply(done -> stages.stream()
                        .map(stage -> stage.toCompletableFuture().join())
                        .toList());
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
