// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.redis.connection.RedisCredentials;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.redis.connection.RedisTls;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.store.TransportException;
import io.tacho.testing.AclRules;
import io.tacho.testing.FreePorts;
import io.tacho.testing.RecordingListener;
import io.tacho.testing.RedisSentinelSet;
import io.tacho.testing.Snapshots;
import io.tacho.testing.TlsMaterial;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The deployment contract against a server with mutual TLS and a custom certificate authority. */
class RedisTlsIT extends RedisDeploymentContract {

    @TempDir
    static Path directory;

    @TempDir
    static Path otherDirectory;

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
    RedisSettings settings(String user) {
        return RedisSettings.of("rediss://127.0.0.1:" + tlsPort)
                .withTls(new RedisTls(tls.ca(), tls.clientCertificate(), tls.clientKey()));
    }

    @Override
    String newNamespace() {
        return "test-" + UUID.randomUUID();
    }

    @Test
    void serverCertificateOfOtherAuthority_isRejected() throws Exception {
        TlsMaterial other = new TlsMaterial(otherDirectory);

        assertRejected(
                agentSettings().withTls(new RedisTls(other.ca(), tls.clientCertificate(), tls.clientKey())),
                "TLS: certificate not trusted");
    }

    @Test
    void untrustedCertificateAuthority_isRejected() {
        assertRejected(
                agentSettings().withTls(new RedisTls(null, tls.clientCertificate(), tls.clientKey())),
                "TLS: certificate not trusted");
    }

    @Test
    void clientWithoutCertificate_isRejected() {
        assertRejected(agentSettings().withTls(new RedisTls(tls.ca(), null, null)), "Redis at 127.0.0.1:" + tlsPort);
    }

    @Test
    void serverNameMismatch_isRejected_unlessVerifyPeerIsCa() throws Exception {
        int port = FreePorts.any();
        try (EmbeddedRedis misnamed = EmbeddedRedis.start(0, tls.optionsOfAnotherHost(port))) {
            String uri = "rediss://127.0.0.1:" + port;
            RedisTls clientTls = agentSettings().tls();

            assertRejected(RedisSettings.of(uri).withTls(clientTls), "TLS: certificate of another host");

            publishTo(RedisSettings.of(uri + "?verifyPeer=CA").withTls(clientTls));
        }
    }

    @Test
    void sentinelsWithTlsAndOwnPassword_connect() throws Exception {
        try (RedisSentinelSet set = RedisSentinelSet.start(tls)) {
            RedisSettings agent = sentinelSettings(set, "tacho-agent", RedisSentinelSet.SENTINEL_PASSWORD);
            RedisSettings aggregator = sentinelSettings(set, "tacho-aggregator", RedisSentinelSet.SENTINEL_PASSWORD);
            RecordingListener listener = new RecordingListener();
            try (RedisTransport transport = new RedisTransport(aggregator, new SnapshotCodec());
                    SnapshotSource source = transport.source()) {
                source.start(listener);
                await().atMost(Duration.ofSeconds(15)).until(() -> listener.subscribed.get() == 1);

                publishTo(agent);

                await().atMost(Duration.ofSeconds(10)).until(() -> listener.envelopes.size() == 1);
                assertThat(get(source.loadAll()))
                        .extracting(stored -> stored.envelope().uid())
                        .containsExactly("u1");
            }
            publishTo(RedisSentinelIT.settings(set, "tacho-agent").withTls(agent.tls()));
            assertRejected(sentinelSettings(set, "tacho-agent", AclRules.PASSWORD), "WRONGPASS");
            assertRejected(sentinelSettings(set, "tacho-agent", null), "NOAUTH");
        }
    }

    /** Settings with the sentinels' default user, whose password differs from that of the servers. */
    private RedisSettings sentinelSettings(RedisSentinelSet set, String user, String sentinelPassword) {
        return RedisSettings.of(set.uri())
                .withCredentials(new RedisCredentials(user, AclRules.PASSWORD, null, sentinelPassword))
                .withTls(agentSettings().tls());
    }

    private static void assertRejected(RedisSettings settings, String message) {
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
