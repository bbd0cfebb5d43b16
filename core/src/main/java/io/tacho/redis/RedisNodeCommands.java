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

/** The commands of operators as strings with a TTL, each in the slot of its node. */
final class RedisNodeCommands implements NodeCommands {

    private final RedisLink<CommandConnection> link;
    private final RedisKeyspace keyspace;

    RedisNodeCommands(RedisLink<CommandConnection> link, RedisKeyspace keyspace) {
        this.link = link;
        this.keyspace = keyspace;
    }

    @Override
    public CompletionStage<Void> send(String uid, NodeCommand command, Duration ttl) {
        return link.use(
                        keyspace.operation("command", keyspace.partitionOf(uid)),
                        connection -> connection
                                .commands()
                                .set(
                                        keyspace.command(uid),
                                        command.text().getBytes(US_ASCII),
                                        SetArgs.Builder.px(ttl.toMillis())))
                .thenAccept(stored -> {});
    }

    @Override
    public void close() {
        link.close();
    }
}
