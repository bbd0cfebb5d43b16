// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
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

    private Server server;

    @Override
    public void beforeAll(ExtensionContext context) {
        server = context.getRoot().getStore(STORE).getOrComputeIfAbsent("redis", key -> Server.start(), Server.class);
    }

    public String uri() {
        return server.uri();
    }

    /** Returns commands of a connection that all tests share. */
    public RedisCommands<String, String> commands() {
        return server.commands();
    }

    /** As above, with binary values. */
    public RedisCommands<String, byte[]> binaryCommands() {
        return server.binaryCommands();
    }

    /** Returns settings with a unique namespace. */
    public RedisSettings settings() {
        return RedisSettings.of(uri()).withNamespace("test-" + UUID.randomUUID());
    }

    private record Server(
            String uri,
            RedisClient client,
            RedisCommands<String, String> commands,
            RedisCommands<String, byte[]> binaryCommands,
            AutoCloseable resource)
            implements AutoCloseable {

        static Server of(String uri, AutoCloseable resource) {
            RedisClient client = RedisClient.create(uri);
            return new Server(
                    uri,
                    client,
                    client.connect().sync(),
                    client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))
                            .sync(),
                    resource);
        }

        static Server start() {
            String given = System.getenv("TACHO_TEST_REDIS_URI");
            if (given != null) {
                return of(given, () -> {});
            }
            if (Docker.isAvailable() && Docker.has(IMAGE)) {
                GenericContainer<?> container = new GenericContainer<>(IMAGE).withExposedPorts(6379);
                container.start();
                return of("redis://" + container.getHost() + ":" + container.getMappedPort(6379), container::stop);
            }
            try {
                EmbeddedRedis redis = EmbeddedRedis.start();
                return of(redis.uri(), redis);
            } catch (IOException e) {
                throw new IllegalStateException("no Redis to test with", e);
            }
        }

        @Override
        public void close() throws Exception {
            client.close();
            resource.close();
        }
    }
}
