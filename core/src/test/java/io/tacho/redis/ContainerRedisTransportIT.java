// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.Docker;
import java.util.UUID;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.containers.GenericContainer;

/** The transport contract against servers in containers. Requires Docker and images that are present or can be pulled. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"redis:6.2", "redis:7.4", "redis:8.2", "valkey/valkey:7.2", "valkey/valkey:8.1"})
class ContainerRedisTransportIT extends RedisTransportIT {

    private static GenericContainer<?> server;

    @Parameter
    private String image;

    @BeforeParameterizedClassInvocation
    static void startServer(String image) {
        assumeTrue(Docker.isAvailable(), "Docker is not available");
        assumeTrue(Docker.has(image), image + " is not to be had");
        server = new GenericContainer<>(image).withExposedPorts(6379);
        server.start();
    }

    @AfterParameterizedClassInvocation
    static void stopServer() {
        if (server != null) {
            server.stop();
            server = null;
        }
    }

    @Override
    RedisSettings newSettings() {
        return RedisSettings.of("redis://" + server.getHost() + ":" + server.getMappedPort(6379))
                .withNamespace("test-" + UUID.randomUUID());
    }
}
