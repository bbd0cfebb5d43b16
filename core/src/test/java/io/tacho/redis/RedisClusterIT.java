// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.codec.SnapshotCodec;
import io.tacho.redis.connection.RedisCredentials;
import io.tacho.redis.connection.RedisFailureLog;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.redis.connection.RedisTls;
import io.tacho.store.SnapshotPublisher;
import io.tacho.testing.AclRules;
import io.tacho.testing.CapturedLog;
import io.tacho.testing.RecordingListener;
import io.tacho.testing.RedisClusterSet;
import io.tacho.testing.Signals;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The deployment contract against three masters with a replica each, and eight partitions. */
class RedisClusterIT extends RedisDeploymentContract {

    static final int PARTITIONS = 8;

    /** Enough nodes that every partition has at least one. */
    static final String[] NODES = IntStream.range(0, 40).mapToObj(i -> "n" + i).toArray(String[]::new);

    private static RedisClusterSet redis;

    @BeforeAll
    static void startRedis() throws Exception {
        redis = RedisClusterSet.start(AclRules.options("cluster"));
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void awaitHealthy() {
        redis.awaitHealthy();
    }

    @AfterEach
    void assertNothingDenied() {
        for (int i = 0; i < redis.size(); i++) {
            assertThat(redis.commands(i).aclLog()).as("ACL LOG of node %d", i).isEmpty();
        }
    }

    @Test
    void uriOfSingleServer_clusterSchemeIsSuggested() {
        String uri = agentSettings().uri().replaceAll("redis-cluster(://[^,]*).*", "redis$1");
        RedisSettings single = new RedisSettings(
                uri,
                namespace,
                PARTITIONS,
                Duration.ofSeconds(2),
                agentSettings().credentials(),
                RedisTls.DEFAULT);
        try (CapturedLog log = CapturedLog.of(RedisFailureLog.class);
                RedisTransport transport = new RedisTransport(single, new SnapshotCodec());
                SnapshotPublisher publisher = transport.publisher()) {
            await().untilAsserted(() -> {
                for (String uid : NODES) {
                    publisher.publish(Snapshots.beat(uid, 1));
                }
                assertThat(log.warnings())
                        .anySatisfy(line -> assertThat(line)
                                .startsWith("node of a cluster: Redis at " + single.address()
                                        + "; set the scheme redis-cluster:// in the URI: MOVED"));
            });
        }
        // the ACL of a cluster does not grant PUBLISH, so the denial is expected
        for (int i = 0; i < redis.size(); i++) {
            redis.commands(i).aclLogReset();
        }
    }

    @Override
    RedisSettings settings(String user) {
        return RedisSettings.of(redis.uri())
                .withPartitions(PARTITIONS)
                .withCredentials(new RedisCredentials(user, AclRules.PASSWORD, null, null));
    }

    @AfterEach
    void flush() {
        redis.flushAll();
    }

    @Test
    void partitions_areSpreadOverMasters_allAreSubscribed() throws Exception {
        RecordingListener listener = subscribed();

        awaitAllNodes(listener, NODES);

        assertThat(listener.subscribed).hasValue(1);
        assertThat(listener.disconnected).hasValue(0);
        assertThat(IntStream.range(0, PARTITIONS)
                        .map(p -> redis.masterOf(channel(p)))
                        .distinct())
                .as("masters that carry partitions")
                .hasSize(3);
    }

    @Test
    void masterKilled_recoversWithinOneBeatAndBackoff() throws Exception {
        RecordingListener listener = subscribed();
        awaitAllNodes(listener, NODES);
        int master = redis.masterOf(channel(0));

        redis.node(master).stopServer();

        await().atMost(Duration.ofSeconds(5)).until(() -> listener.disconnected.get() >= 1);
        redis.awaitMasterOtherThan(master, channel(0));
        awaitRecoveryOfKilledMaster(listener, "Cluster, master killed", NODES);
        assertThat(listener.subscribed).hasValue(2);
        redis.node(master).startServer();
        redis.awaitHealthy();
        awaitAllNodes(listener, NODES);
    }

    @Test
    void masterFrozen_recoversWithinTwoTimeoutsOneBeatAndBackoff() throws Exception {
        RecordingListener listener = subscribed();
        awaitAllNodes(listener, NODES);
        int master = redis.masterOf(channel(0));

        Signals.send("STOP", redis.node(master).process());
        try {
            redis.awaitMasterOtherThan(master, channel(0));
            awaitRecoveryOfFrozenMaster(listener, "Cluster, master frozen", NODES);
        } finally {
            Signals.send("CONT", redis.node(master).process());
        }

        redis.awaitHealthy();
        awaitAllNodes(listener, NODES);
    }

    @Test
    void slotMoved_recoversWithinOneBeatAndBackoff() throws Exception {
        RecordingListener listener = subscribed();
        awaitAllNodes(listener, NODES);
        int from = redis.masterOf(channel(0));
        int to = IntStream.range(1, PARTITIONS)
                .map(p -> redis.masterOf(channel(p)))
                .filter(other -> other != from)
                .findFirst()
                .orElseThrow();

        redis.moveSlot(channel(0), to);

        awaitRecoveryOfKilledMaster(listener, "Cluster, slot moved", NODES);
        await().atMost(Duration.ofSeconds(5)).until(() -> listener.subscribed.get() == 2);
        assertThat(listener.disconnected).hasValue(1);
        assertThat(redis.masterOf(channel(0))).isEqualTo(to);
    }
}
