// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Connects to a kind of deployment: one server at a time, or a cluster. */
interface RedisConnector extends AutoCloseable {

    RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    /** A new connection for commands. */
    CompletionStage<CommandConnection> connect();

    /** A subscription to all the channels, not started. */
    Subscription subscription(List<String> channels, EnvelopeReader reader);

    /** The command that reaches the subscription. */
    String publishCommand();

    /** Closes what is left of its connections, waiting for it a bounded time. */
    @Override
    void close();

    /** Returns the client options that all connections share. */
    static ClientOptions options(RedisSettings settings) {
        ClientOptions.Builder options = ClientOptions.builder()
                // a beat is complete in itself: what did not get through is not repeated later, the next one is due
                // soon
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .replayFilter(command -> true)
                .timeoutOptions(TimeoutOptions.enabled(settings.commandTimeout()))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(settings.commandTimeout())
                        .keepAlive(true)
                        .build())
                .maintNotificationsConfig(MaintNotificationsConfig.disabled());
        if (settings.deployment().tls()) {
            options.sslOptions(settings.tls().options());
        }
        return options.build();
    }
}
