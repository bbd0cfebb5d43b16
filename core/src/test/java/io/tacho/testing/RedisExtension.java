// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.tacho.embedded.EmbeddedRedis;
import io.tacho.redis.connection.RedisSettings;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.containers.GenericContainer;

/**
 * A real Redis shared by all classes of a test run: that of {@code TACHO_TEST_REDIS_URI} if set, else a
 * container if Docker has the image, else a local redis-server process. Each test uses its own namespace.
 */
public final class RedisExtension implements BeforeAllCallback {

    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(RedisExtension.class);

    private static final String IMAGE = "redis:7.4";

    private String uri;

    @Override
    public void beforeAll(ExtensionContext context) {
        uri = context.getRoot()
                .getStore(STORE)
                .getOrComputeIfAbsent("redis", key -> Server.start(), Server.class)
                .uri();
    }

    public String uri() {
        return uri;
    }

    /** Returns settings with a unique namespace. */
    public RedisSettings settings() {
        return RedisSettings.of(uri).withNamespace("test-" + UUID.randomUUID());
    }

    private record Server(String uri, AutoCloseable resource) implements AutoCloseable {

        static Server start() {
            String given = System.getenv("TACHO_TEST_REDIS_URI");
            if (given != null) {
                return new Server(given, () -> {});
            }
            if (Docker.isAvailable() && Docker.has(IMAGE)) {
                GenericContainer<?> container = new GenericContainer<>(IMAGE).withExposedPorts(6379);
                container.start();
                return new Server(
                        "redis://" + container.getHost() + ":" + container.getMappedPort(6379), container::stop);
            }
            try {
                EmbeddedRedis redis = EmbeddedRedis.start();
                return new Server(redis.uri(), redis);
            } catch (IOException e) {
                throw new IllegalStateException("no Redis to test with", e);
            }
        }

        @Override
        public void close() throws Exception {
            resource.close();
        }
    }
}
