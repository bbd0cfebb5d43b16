// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisCommandExecutionException;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.redis.connection.CommandConnection;
import io.tacho.redis.connection.RedisFailureLog;
import io.tacho.redis.connection.RedisLink;
import io.tacho.store.BeatResult;
import io.tacho.store.BeatResult.Outcome;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowUpload;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages and windows by one script and one round trip each.
 *
 * <p>Thread safety: safe.
 */
final class RedisSnapshotPublisher implements SnapshotPublisher {

    private static final byte[] NONE = new byte[0];

    private final RejectedBeats rejectedBeats = new RejectedBeats();
    private final RedisLink<CommandConnection> link;
    private final byte[] publishCommand;
    private final RedisKeyspace keyspace;
    private final SnapshotCodec codec;
    private final PublishedDetail publishedDetail = new PublishedDetail();
    private final RedisFailureLog log;
    /** The names of the scripts in the log, by partition. */
    private final Map<RedisScript, String[]> names = new EnumMap<>(RedisScript.class);
    /** The names of the publication of a message in the log, by partition. */
    private final String[] publishing;

    RedisSnapshotPublisher(
            RedisLink<CommandConnection> link,
            String publishCommand,
            RedisKeyspace keyspace,
            SnapshotCodec codec,
            RedisFailureLog log) {
        this.link = link;
        publishing = IntStream.range(0, keyspace.partitions().count())
                .mapToObj(partition -> publishCommand + " " + keyspace.channel(partition))
                .toArray(String[]::new);
        this.publishCommand = bytes(publishCommand);
        this.keyspace = keyspace;
        this.codec = codec;
        this.log = log;
        for (RedisScript script :
                List.of(RedisScript.BEAT, RedisScript.LEAVE, RedisScript.UPLOAD, RedisScript.COMPACT)) {
            names.put(
                    script,
                    IntStream.range(0, keyspace.partitions().count())
                            .mapToObj(partition -> keyspace.operation(script.label(), partition))
                            .toArray(String[]::new));
        }
    }

    private String name(RedisScript script, int partition) {
        return Objects.requireNonNull(names.get(script))[partition];
    }

    @Override
    public CompletionStage<BeatResult> publish(SnapshotEnvelope envelope) {
        List<byte[]> hash = new ArrayList<>(80);
        byte[] message = codec.encode(envelope, publishedDetail.contains(envelope), hash::add);
        List<byte[]> arguments = new ArrayList<>(hash.size() + 10);
        arguments.add(bytes(envelope.uid()));
        arguments.add(bytes(Long.toString(envelope.seq())));
        arguments.add(bytes(Long.toString(envelope.ttlMillis())));
        addMessage(arguments, envelope.uid(), message);
        arguments.add(bytesOrNone(envelope.status().writer()));
        arguments.add(bytesOrNone(envelope.status().host()));
        arguments.add(bytes(keyspace.command(envelope.uid())));
        arguments.add(bytesOrNone(envelope.status().command()));
        arguments.addAll(hash);
        CompletionStage<List<Object>> reply = run(RedisScript.BEAT, envelope.uid(), arguments);
        return reply.thenApply(values -> {
            BeatResult result = BeatReply.read(values, envelope.seq());
            if (result.outcome() == Outcome.ACCEPTED) {
                report(publishing[keyspace.partitionOf(envelope.uid())], BeatReply.publishFailure(values));
                report("command", BeatReply.commandFailure(values));
            }
            publishedDetail.add(envelope, result);
            rejectedBeats.report(envelope, result);
            return result;
        });
    }

    /** Logs why messages do not reach readers, or commands of operators the agent, although its beats are accepted. */
    private void report(String operation, @Nullable String failure) {
        if (failure == null) {
            log.succeeded(operation);
        } else {
            log.failed(operation, new RedisCommandExecutionException(failure));
        }
    }

    @Override
    public CompletionStage<Void> leave(LeaveEnvelope envelope) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(bytes(envelope.uid()));
        arguments.add(bytes(Long.toString(envelope.seq())));
        addMessage(arguments, envelope.uid(), codec.encode(envelope));
        arguments.add(bytesOrNone(envelope.writer()));
        CompletionStage<Long> reply = run(RedisScript.LEAVE, envelope.uid(), arguments);
        publishedDetail.remove(envelope.uid());
        return reply.thenAccept(applied -> rejectedBeats.forget(envelope.uid()));
    }

    private void addMessage(List<byte[]> arguments, String uid, byte[] message) {
        arguments.add(publishCommand);
        arguments.add(bytes(keyspace.channel(keyspace.partitionOf(uid))));
        arguments.add(message);
    }

    private <T> CompletionStage<T> run(RedisScript script, String uid, List<byte[]> arguments) {
        int partition = keyspace.partitionOf(uid);
        String[] keys = {keyspace.node(uid), keyspace.registry(partition)};
        return link.use(
                name(script, partition),
                connection -> script.run(connection.commands(), keys, arguments.toArray(new byte[0][])));
    }

    @Override
    public CompletionStage<UploadResult> upload(WindowUpload batch) {
        UploadCall call = new UploadCall(batch, keyspace);
        int partition = keyspace.partitionOf(batch.uid());
        CompletionStage<List<Object>> reply = link.use(
                name(RedisScript.UPLOAD, partition),
                connection -> RedisScript.UPLOAD.run(connection.commands(), call.keys(), call.arguments()));
        return reply.thenApply(values -> {
            // in the background: what is not merged now is merged later, or by readers
            call.slotsToMerge(values)
                    .forEach(slot -> link.use(
                            name(RedisScript.COMPACT, partition),
                            connection -> WindowCompaction.run(connection.commands(), keyspace, partition, slot)));
            return UploadCall.result(values);
        });
    }

    private static byte[] bytesOrNone(@Nullable String value) {
        return value == null ? NONE : bytes(value);
    }

    private static byte[] bytes(String value) {
        return value.getBytes(UTF_8);
    }

    @Override
    public void close() {
        link.close();
    }
}
