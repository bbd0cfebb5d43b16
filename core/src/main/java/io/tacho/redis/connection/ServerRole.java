// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.ConnectionState;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.StatefulRedisConnectionImpl;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.output.GenericMapOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Checks by HELLO, which every user may send, that a server is a master: only then is what it contains complete and current. */
final class ServerRole {

    private static final String MASTER = "master";

    private ServerRole() {}

    /** {@return why the server of a new connection is not to be used; null if it is} */
    static @Nullable RejectedServerException problem(StatefulConnection<String, byte[]> connection) {
        if (!(connection instanceof StatefulRedisConnectionImpl<?, ?> established)) {
            return null;
        }
        ConnectionState state = established.getConnectionState();
        return problem(state.getMode(), state.getRole());
    }

    private static @Nullable RejectedServerException problem(@Nullable String mode, @Nullable String role) {
        if ("sentinel".equals(mode)) {
            return new RejectedServerException(RedisFailure.SENTINEL_MODE + " (expected: standalone)");
        }
        return role == null || role.equals(MASTER)
                ? null
                : new RejectedServerException(RedisFailure.ROLE + role + " (expected: " + MASTER + ")");
    }

    /** Asks a connected server for its role. Fails if it does not respond or is not to be used. */
    static CompletionStage<Void> check(StatefulRedisPubSubConnection<String, byte[]> connection) {
        return connection
                .async()
                .dispatch(
                        CommandType.HELLO,
                        new GenericMapOutput<>(RedisConnector.CODEC),
                        new CommandArgs<>(RedisConnector.CODEC))
                .thenCompose(response -> {
                    RejectedServerException problem = problem(text(response, "mode"), text(response, "role"));
                    return problem == null
                            ? CompletableFuture.<Void>completedFuture(null)
                            : CompletableFuture.failedFuture(problem);
                });
    }

    private static @Nullable String text(Map<String, Object> response, String field) {
        return response.get(field) instanceof byte[] value ? new String(value, UTF_8) : null;
    }

    static RedisConnectionStateListener whenDisconnected(Runnable action) {
        return new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
                action.run();
            }
        };
    }
}
