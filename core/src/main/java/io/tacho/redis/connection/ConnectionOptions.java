// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
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
        disableMaintenanceNotifications(options);
        if (settings.deployment().tls()) {
            options.sslOptions(settings.tls().options());
        }
        return options.build();
    }

    /** By reflection: the version that the libraries declare does not have this option, and needs no disabling. */
    private static void disableMaintenanceNotifications(ClientOptions.Builder options) {
        try {
            Class<?> config = Class.forName("io.lettuce.core.MaintNotificationsConfig");
            Object disabled = config.getMethod("disabled").invoke(null);
            ClientOptions.Builder.class
                    .getMethod("maintNotificationsConfig", config)
                    .invoke(options, disabled);
        } catch (ReflectiveOperationException e) {
            logger.debug("the Redis client does not have an option: {}", e.toString());
        }
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
