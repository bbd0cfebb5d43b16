// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.WindowUpload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Writes messages and windows as defined by the contract: one script and one round trip each. */
final class RedisSnapshotPublisher implements SnapshotPublisher {

    private final RedisLink<CommandConnection> link;
    private final byte[] publishCommand;
    private final RedisKeyspace keyspace;
    private final SnapshotCodec codec;

    RedisSnapshotPublisher(
            RedisLink<CommandConnection> link, String publishCommand, RedisKeyspace keyspace, SnapshotCodec codec) {
        this.link = link;
        this.publishCommand = bytes(publishCommand);
        this.keyspace = keyspace;
        this.codec = codec;
    }

    @Override
    public CompletionStage<Void> publish(SnapshotEnvelope envelope) {
        List<byte[]> hash = new ArrayList<>(80);
        byte[] message = codec.encode(envelope, hash::add);
        List<byte[]> arguments = new ArrayList<>(hash.size() + 6);
        arguments.add(bytes(envelope.uid()));
        arguments.add(bytes(Long.toString(envelope.seq())));
        arguments.add(bytes(Long.toString(envelope.ttlMillis())));
        addMessage(arguments, envelope.uid(), message);
        arguments.addAll(hash);
        return run(RedisScript.BEAT, envelope.uid(), arguments);
    }

    @Override
    public CompletionStage<Void> leave(LeaveEnvelope envelope) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(bytes(envelope.uid()));
        arguments.add(bytes(Long.toString(envelope.seq())));
        addMessage(arguments, envelope.uid(), codec.encode(envelope));
        return run(RedisScript.LEAVE, envelope.uid(), arguments);
    }

    private void addMessage(List<byte[]> arguments, String uid, byte[] message) {
        arguments.add(publishCommand);
        arguments.add(bytes(keyspace.channel(keyspace.partitionOf(uid))));
        arguments.add(message);
    }

    private CompletionStage<Void> run(RedisScript script, String uid, List<byte[]> arguments) {
        String[] keys = {keyspace.node(uid), keyspace.registry(keyspace.partitionOf(uid))};
        return link.use(connection -> script.run(connection.commands(), keys, arguments.toArray(new byte[0][])))
                .thenAccept(applied -> {});
    }

    @Override
    public CompletionStage<Long> upload(WindowUpload batch) {
        UploadCall call = new UploadCall(batch, keyspace);
        return link.use(connection -> RedisScript.UPLOAD.run(connection.commands(), call.keys(), call.arguments()));
    }

    private static byte[] bytes(String value) {
        return value.getBytes(UTF_8);
    }

    @Override
    public void close() {
        link.close();
    }
}
