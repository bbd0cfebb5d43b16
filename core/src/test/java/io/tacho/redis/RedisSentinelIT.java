// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.redis.connection.RedisCredentials;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.AclRules;
import io.tacho.testing.RecordingListener;
import io.tacho.testing.RedisSentinelSet;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The deployment contract against a master, a replica and three sentinels; servers and sentinels have separate passwords. */
class RedisSentinelIT extends RedisDeploymentContract {

    private static RedisSentinelSet redis;

    @BeforeAll
    static void startRedis() throws Exception {
        redis = RedisSentinelSet.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @Override
    RedisSettings settings(String user) {
        return settings(redis, user);
    }

    static RedisSettings settings(RedisSentinelSet set, String user) {
        return RedisSettings.of(set.uri())
                .withCredentials(new RedisCredentials(user, AclRules.PASSWORD, "tacho", AclRules.PASSWORD));
    }

    @AfterEach
    void flush() {
        redis.flushAll();
    }

    @Test
    void masterKilled_recoversWithinOneBeatAndBackoff() throws Exception {
        RecordingListener listener = subscribed();
        assertThat(beats("u1")).isTrue();
        int master = redis.master();

        redis.server(master).stopServer();

        await().atMost(Duration.ofSeconds(5)).until(() -> listener.disconnected.get() >= 1);
        redis.awaitMasterOtherThan(master);
        awaitRecoveryOfKilledMaster(listener, "Sentinel, master killed", "u1", "u2");
        assertThat(listener.subscribed).hasValue(2);
        redis.server(master).startServer();
        redis.awaitReplica(master);
        awaitAllNodes(listener, "u1", "u2");
    }

    @Test
    void masterFrozen_recoversWithinTwoTimeoutsOneBeatAndBackoff() throws Exception {
        RecordingListener listener = subscribed();
        assertThat(beats("u1")).isTrue();
        int master = redis.master();

        redis.freeze(master);
        try {
            redis.awaitMasterOtherThan(master);
            awaitRecoveryOfFrozenMaster(listener, "Sentinel, master frozen", "u1", "u2");
        } finally {
            redis.thaw(master);
        }

        redis.awaitReplica(master);
        awaitAllNodes(listener, "u1", "u2");
    }

    @Test
    void sentinelKilled_anotherSentinelIsUsed() throws Exception {
        redis.sentinel(0).stopServer();
        try {
            awaitAllNodes(subscribed(), "u1");
        } finally {
            redis.sentinel(0).startServer();
        }
    }
}
