// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import io.lettuce.core.api.AsyncCloseable;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.concurrent.CompletableFuture;

/** A connection for commands, to one server or to the masters of a cluster. */
public record CommandConnection(AsyncCloseable connection, RedisClusterAsyncCommands<String, byte[]> commands)
        implements AsyncCloseable {

    @Override
    public CompletableFuture<Void> closeAsync() {
        return connection.closeAsync();
    }
}
