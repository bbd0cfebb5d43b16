// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tacho.codec.SnapshotCodec;
import io.tacho.redis.connection.RedisCredentials;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.redis.connection.RedisTls;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.TransportException;
import io.tacho.testing.AclRules;
import io.tacho.testing.RecordingListener;
import io.tacho.testing.RedisClusterSet;
import io.tacho.testing.Snapshots;
import io.tacho.testing.TlsMaterial;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The deployment contract against a cluster with mutual TLS and a custom certificate authority. */
class RedisClusterTlsIT extends RedisDeploymentContract {

    @TempDir
    static Path directory;

    private static TlsMaterial tls;
    private static RedisClusterSet redis;

    @BeforeAll
    static void startRedis() throws Exception {
        tls = new TlsMaterial(directory);
        redis = RedisClusterSet.start(tls, AclRules.options("cluster"));
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @AfterEach
    void flush() {
        redis.flushAll();
    }

    @Override
    RedisSettings settings(String user) {
        return RedisSettings.of(redis.uri())
                .withPartitions(RedisClusterIT.PARTITIONS)
                .withCredentials(new RedisCredentials(user, AclRules.PASSWORD, null, null))
                .withTls(new RedisTls(tls.ca(), tls.clientCertificate(), tls.clientKey()));
    }

    @Test
    void masterKilled_recoversWithinOneBeatAndBackoff() throws Exception {
        RecordingListener listener = subscribed();
        awaitAllNodes(listener, RedisClusterIT.NODES);
        int master = redis.masterOf(channel(0));

        redis.node(master).stopServer();

        await().atMost(Duration.ofSeconds(5)).until(() -> listener.disconnected.get() >= 1);
        redis.awaitMasterOtherThan(master, channel(0));
        awaitRecoveryOfKilledMaster(listener, "Cluster under TLS, master killed", RedisClusterIT.NODES);
        redis.node(master).startServer();
        redis.awaitHealthy();
        awaitAllNodes(listener, RedisClusterIT.NODES);
    }

    @Test
    void clientWithoutCertificate_isRejected() {
        assertRejected(agentSettings().withTls(new RedisTls(tls.ca(), null, null)));
    }

    @Test
    void untrustedCertificateAuthority_isRejected() {
        assertRejected(agentSettings().withTls(new RedisTls(null, tls.clientCertificate(), tls.clientKey())));
    }

    private static void assertRejected(RedisSettings settings) {
        assertThatThrownBy(() -> {
                    try (RedisTransport transport = new RedisTransport(settings, new SnapshotCodec());
                            SnapshotPublisher publisher = transport.publisher()) {
                        get(publisher.publish(Snapshots.beat("u1", 1)));
                    }
                })
                .hasCauseInstanceOf(TransportException.class)
                .hasMessageContaining("Redis at 127.0.0.1:");
    }
}
