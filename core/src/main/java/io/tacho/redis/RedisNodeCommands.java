// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.SetArgs;
import io.tacho.redis.connection.CommandConnection;
import io.tacho.redis.connection.RedisLink;
import io.tacho.store.NodeCommand;
import io.tacho.store.NodeCommands;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The commands of operators as strings with a TTL, each in the slot of its node: in both, if it has a previous partition too. */
final class RedisNodeCommands implements NodeCommands {

    private final RedisLink<CommandConnection> link;
    private final RedisKeyspace keyspace;

    RedisNodeCommands(RedisLink<CommandConnection> link, RedisKeyspace keyspace) {
        this.link = link;
        this.keyspace = keyspace;
    }

    @Override
    public CompletionStage<Void> send(String uid, NodeCommand command, Duration ttl) {
        int partition = keyspace.partitionOf(uid);
        int previous = keyspace.partitions().previousOf(uid);
        CompletionStage<Void> sent = send(partition, uid, command, ttl);
        return partition == previous
                ? sent
                : sent.thenAcceptBoth(send(previous, uid, command, ttl), (inCurrent, inPrevious) -> {});
    }

    private CompletionStage<Void> send(int partition, String uid, NodeCommand command, Duration ttl) {
        return link.use(
                        keyspace.operation("command", partition),
                        connection -> connection
                                .commands()
                                .set(
                                        keyspace.command(partition, uid),
                                        command.text().getBytes(US_ASCII),
                                        SetArgs.Builder.px(ttl.toMillis())))
                .thenAccept(stored -> {});
    }

    @Override
    public void close() {
        link.close();
    }
}
