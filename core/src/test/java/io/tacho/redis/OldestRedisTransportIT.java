// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.OldestRedis;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The transport contract against Redis 6.2, the oldest supported version. */
class OldestRedisTransportIT extends RedisTransportIT {

    private static EmbeddedRedis oldest;

    @BeforeAll
    static void startRedis() throws Exception {
        oldest = OldestRedis.start();
    }

    @AfterAll
    static void stopRedis() {
        oldest.close();
    }

    @Override
    RedisSettings newSettings() {
        return RedisSettings.of(oldest.uri()).withNamespace("test-" + UUID.randomUUID());
    }

    @Test
    void server_hasOldestSupportedVersion() {
        try (RedisClient client = RedisClient.create(newSettings().uri())) {
            assertThat(client.connect().sync().info("server")).contains("redis_version:" + OldestRedis.VERSION);
        }
    }
}
