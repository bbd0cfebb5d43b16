// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The options of all connections, with each version of the client that a host may bring. */
final class ConnectionOptions {

    private static final Logger logger = LoggerFactory.getLogger(ConnectionOptions.class);

    private ConnectionOptions() {}

    static ClientOptions of(RedisSettings settings) {
        ClientOptions.Builder options = ClientOptions.builder()
                // a beat is complete in itself: one that failed is not repeated, because the next one is due soon
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.enabled(settings.commandTimeout()))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(settings.commandTimeout())
                        .keepAlive(true)
                        .build());
        setIfKnown(() -> options.replayFilter(command -> true));
        setIfKnown(() -> options.maintNotificationsConfig(MaintNotificationsConfig.disabled()));
        if (settings.deployment().tls()) {
            options.sslOptions(settings.tls().options());
        }
        return options.build();
    }

    /** Sets an option that older versions of the client do not have. */
    private static void setIfKnown(Runnable option) {
        try {
            option.run();
        } catch (LinkageError e) {
            logger.debug("the Redis client does not have an option: {}", e.toString());
        }
    }
}
