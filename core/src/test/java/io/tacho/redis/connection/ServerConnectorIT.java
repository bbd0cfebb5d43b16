// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.resource.DefaultClientResources;
import io.tacho.embedded.EmbeddedRedis;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServerConnectorIT {

    private static final int CONNECTIONS = 1_000;

    @Test
    void firstCommand_onceAConnectionWithAPasswordIsReported_isAccepted() throws Exception {
        DefaultClientResources resources = DefaultClientResources.create();
        try (EmbeddedRedis redis = EmbeddedRedis.start(0, "--requirepass", "s3cret")) {
            RedisSettings settings =
                    RedisSettings.of(redis.uri()).withCredentials(new RedisCredentials(null, "s3cret", null, null));
            try (ServerConnector connector = new ServerConnector(settings, new RedisFailureLog(settings), resources)) {
                for (int i = 0; i < CONNECTIONS; i++) {
                    String response = connector
                            .connect(() -> {})
                            .thenCompose(connection -> connection
                                    .commands()
                                    .ping()
                                    .whenComplete((pong, failure) -> connection.closeAsync()))
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS);
                    assertThat(response).isEqualTo("PONG");
                }
            }
        } finally {
            resources.shutdown(0, 0, TimeUnit.SECONDS);
        }
    }
}
