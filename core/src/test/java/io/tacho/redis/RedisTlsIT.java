// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tacho.codec.SnapshotCodec;
import io.tacho.redis.embedded.EmbeddedRedis;
import io.tacho.testing.AclRules;
import io.tacho.testing.FreePorts;
import io.tacho.testing.RecordingListener;
import io.tacho.testing.RedisClusterSet;
import io.tacho.testing.RedisSentinelSet;
import io.tacho.testing.Snapshots;
import io.tacho.testing.TlsMaterial;
import io.tacho.transport.SnapshotPublisher;
import io.tacho.transport.SnapshotSource;
import io.tacho.transport.TransportException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a certificate of an authority of our own, which demands a certificate of the client's. */
class RedisTlsIT extends RedisDeploymentContract {

    @TempDir
    static Path directory;

    @TempDir
    static Path elsewhere;

    private static TlsMaterial tls;
    private static int tlsPort;
    private static EmbeddedRedis redis;

    @BeforeAll
    static void startRedis() throws Exception {
        tls = new TlsMaterial(directory);
        tlsPort = FreePorts.any();
        redis = EmbeddedRedis.start(0, tls.serverOptions(tlsPort));
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @Override
    RedisSettings agentSettings() {
        return RedisSettings.of("rediss://127.0.0.1:" + tlsPort)
                .withTls(new RedisTls(tls.ca(), tls.clientCertificate(), tls.clientKey()));
    }

    @Override
    RedisSettings aggregatorSettings() {
        return agentSettings();
    }

    @Test
    void serverOfAnotherAuthority_isRefused() throws Exception {
        TlsMaterial other = new TlsMaterial(elsewhere);

        assertRefused(
                agentSettings().withTls(new RedisTls(other.ca(), tls.clientCertificate(), tls.clientKey())),
                "TLS: PKIX path");
    }

    @Test
    void authorityThatJavaDoesNotTrust_isRefused() {
        assertRefused(
                agentSettings().withTls(new RedisTls(null, tls.clientCertificate(), tls.clientKey())),
                "TLS: PKIX path");
    }

    @Test
    void clientWithoutCertificate_isRefused() {
        assertRefused(agentSettings().withTls(new RedisTls(tls.ca(), null, null)), "Redis at 127.0.0.1:" + tlsPort);
    }

    @Test
    void serverOfAnotherName_isRefusedUnlessNamesAreNotAskedFor() throws Exception {
        int port = FreePorts.any();
        try (EmbeddedRedis misnamed = EmbeddedRedis.start(0, tls.optionsOfAnotherHost(port))) {
            String uri = "rediss://127.0.0.1:" + port;
            RedisTls ours = agentSettings().tls();

            assertRefused(RedisSettings.of(uri).withTls(ours), "TLS: No subject alternative names matching IP address");

            publishTo(RedisSettings.of(uri + "?verifyPeer=CA").withTls(ours));
        }
    }

    @Test
    void sentinels_underTlsToo() throws Exception {
        try (RedisSentinelSet set = RedisSentinelSet.start(tls)) {
            publishTo(RedisSentinelIT.settings(set, "tacho-agent")
                    .withTls(agentSettings().tls()));
        }
    }

    @Test
    void cluster_underTlsToo() throws Exception {
        try (RedisClusterSet set = RedisClusterSet.start(tls, AclRules.options("cluster"))) {
            RedisSettings agent = cluster(set, "tacho-agent");
            publishTo(agent);

            try (RedisTransport transport = new RedisTransport(cluster(set, "tacho-aggregator"), new SnapshotCodec());
                    RedisTransport agents = new RedisTransport(agent, new SnapshotCodec());
                    SnapshotSource source = transport.source();
                    SnapshotPublisher publisher = agents.publisher()) {
                RecordingListener heard = new RecordingListener();
                source.start(heard);
                await().atMost(Duration.ofSeconds(15)).until(() -> heard.subscribed.get() == 1);
                for (int i = 0; i < 8; i++) {
                    get(publisher.publish(Snapshots.beat("n" + i, 1)));
                }
                await().atMost(Duration.ofSeconds(10)).until(() -> heard.envelopes.size() == 8);
                assertThat(get(source.loadAll()))
                        .extracting(stored -> stored.envelope().uid())
                        .contains("u1", "n0", "n7")
                        .hasSize(9);
            }
        }
    }

    /** As many partitions as masters, and more: each of them has some. */
    private static RedisSettings cluster(RedisClusterSet set, String user) {
        return new RedisSettings(
                set.uri(),
                RedisSettings.DEFAULT_NAMESPACE,
                8,
                Duration.ofSeconds(2),
                new RedisCredentials(user, AclRules.PASSWORD, null, null),
                new RedisTls(tls.ca(), tls.clientCertificate(), tls.clientKey()));
    }

    private static void assertRefused(RedisSettings settings, String message) {
        assertThatThrownBy(() -> publishTo(settings))
                .hasCauseInstanceOf(TransportException.class)
                .hasMessageContaining("Redis at 127.0.0.1:")
                .hasMessageContaining(message);
    }

    private static void publishTo(RedisSettings settings) throws Exception {
        try (RedisTransport transport = new RedisTransport(settings, new SnapshotCodec());
                SnapshotPublisher publisher = transport.publisher()) {
            get(publisher.publish(Snapshots.beat("u1", 1)));
        }
    }
}
