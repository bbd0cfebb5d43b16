// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.redis.RedisTransport;
import io.tacho.store.SnapshotSource;
import io.tacho.testing.CapturedLog;
import io.tacho.testing.FreePorts;
import io.tacho.testing.RecordingListener;
import io.tacho.testing.TlsMaterial;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log messages for unusable Redis servers. */
class RedisFailureLogIT {

    private static final Duration REPORTED = Duration.ofSeconds(10);

    private final RecordingListener listener = new RecordingListener();

    /** Starts a source and waits until exactly one warning was logged, which starts with the text. */
    private void assertLogged(RedisSettings settings, String text) {
        try (CapturedLog log = CapturedLog.of(RedisFailureLog.class);
                RedisTransport transport = new RedisTransport(settings, new SnapshotCodec());
                SnapshotSource source = transport.source()) {
            source.start(listener);
            await().atMost(REPORTED).until(() -> !log.warnings().isEmpty());
            await().untilAsserted(() ->
                    assertThat(causes(log)).singleElement().asString().startsWith(text));
            await().during(Duration.ofSeconds(1)).until(() -> causes(log).size() == 1);
            assertThat(listener.subscribed).hasValue(0);
        }
    }

    /** {@return the warnings without "connecting for 1500 ms", which a loaded machine adds, unless it is the only one} */
    private static List<String> causes(CapturedLog log) {
        List<String> warnings = log.warnings();
        return warnings.size() == 1
                ? warnings
                : warnings.stream()
                        .filter(line -> !line.endsWith("connecting for 1500 ms"))
                        .toList();
    }

    @Test
    void noServer_isLogged() throws Exception {
        int port = FreePorts.any();

        assertLogged(
                RedisSettings.of("redis://127.0.0.1:" + port),
                "connection refused by Redis at 127.0.0.1:" + port + "; trying again until it accepts: ");
    }

    @Test
    void noServer_thenServerStarts_isLogged() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start();
                CapturedLog log = CapturedLog.of(RedisFailureLog.class);
                RedisTransport transport = new RedisTransport(RedisSettings.of(redis.uri()), new SnapshotCodec());
                SnapshotSource source = transport.source()) {
            redis.stopServer();
            source.start(listener);
            await().until(() -> causes(log).size() == 1);
            assertThat(transport.problems()).containsOnlyKeys("connection_rejected");

            redis.startServer();

            await().until(() -> listener.subscribed.get() == 1);
            await().untilAsserted(() -> assertThat(log.lines().get(log.lines().size() - 1))
                    .startsWith("INFO Redis at 127.0.0.1:" + redis.port())
                    .endsWith(" works again"));
            assertThat(causes(log)).hasSize(1);
            await().untilAsserted(() -> assertThat(transport.problems()).isEmpty());
        }
    }

    @Test
    void unknownHost_isLogged() {
        assertLogged(
                RedisSettings.of("redis://no_such_host.invalid"),
                "unknown host in Redis at no_such_host.invalid:6379; ");
    }

    @Test
    void silentServer_timeoutIsLogged() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertLogged(
                    RedisSettings.of("redis://127.0.0.1:" + silent.getLocalPort()),
                    "no response of Redis at 127.0.0.1:" + silent.getLocalPort());
        }
    }

    @Test
    void interruptedHandshake_isLoggedOnlyIfRepeated() {
        RedisFailureLog failures = new RedisFailureLog("127.0.0.1:6379", "default", "default", System::nanoTime);
        IllegalStateException interrupted = new IllegalStateException("RedisHandshakeHandler not registered");
        try (CapturedLog log = CapturedLog.of(RedisFailureLog.class)) {
            failures.failed("connect", new CompletionException(interrupted));
            assertThat(log.warnings()).isEmpty();

            failures.failed("connect", new CompletionException(interrupted));
            assertThat(log.warnings())
                    .containsExactly(
                            "failed at Redis at 127.0.0.1:6379, connect; trying again: connection closed during"
                                    + " the handshake");
        }
    }

    @Test
    void missingOrWrongPassword_isLogged() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(0, "--requirepass", "s3cret")) {
            String rejected = "user or password rejected by Redis at 127.0.0.1:" + redis.port() + ", user ";

            assertLogged(
                    RedisSettings.of(redis.uri()),
                    "password required by Redis at 127.0.0.1:" + redis.port()
                            + ", and none is set; set TACHO_REDIS_PASSWORD");
            assertLogged(RedisSettings.of(redis.uri().replace("//", "//me@")), rejected + "of the URI; ");
            assertLogged(
                    RedisSettings.of(redis.uri().replace("//", "//me:wrong@")), rejected + "me; reading the password");
        }
    }

    @Test
    void sentinelRejectsPassword_sentinelIsNamed() throws Exception {
        try (EmbeddedRedis sentinel = EmbeddedRedis.startSentinel(0, "requirepass s3cret\n")) {
            String address = "127.0.0.1:" + sentinel.port();
            RedisSettings settings = RedisSettings.of("redis-sentinel://" + address + "?sentinelMasterId=mm");

            assertLogged(
                    settings,
                    "password required by Redis at " + address + "(mm), sentinel " + address
                            + ", and none is set; set TACHO_REDIS_SENTINEL_PASSWORD");
            assertLogged(
                    settings.withCredentials(new RedisCredentials(null, null, "watcher", "wrong")),
                    "user or password rejected by Redis at " + address + "(mm), sentinel " + address
                            + ", user watcher;");
        }
    }

    @Test
    void untrustedCertificate_isLogged(@TempDir Path directory, @TempDir Path otherDirectory) throws Exception {
        TlsMaterial tls = new TlsMaterial(directory);
        int port = FreePorts.any();
        try (EmbeddedRedis redis = EmbeddedRedis.start(0, tls.serverOptions(port))) {
            assertThat(redis.process().isAlive()).isTrue();
            assertLogged(
                    RedisSettings.of("rediss://127.0.0.1:" + port)
                            .withTls(new RedisTls(
                                    new TlsMaterial(otherDirectory).ca(), tls.clientCertificate(), tls.clientKey())),
                    "certificate or TLS rejected, Redis at 127.0.0.1:" + port);
        }
    }

    @Test
    void replica_isNotUsed() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(0, "--replicaof", "127.0.0.1", "1")) {
            assertLogged(RedisSettings.of(redis.uri()), "not a master: Redis at 127.0.0.1:" + redis.port());
        }
    }

    @Test
    void masterDemotedToReplica_isNotUsedUntilPromoted() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start();
                CapturedLog log = CapturedLog.of(RedisFailureLog.class);
                RedisTransport transport = new RedisTransport(RedisSettings.of(redis.uri()), new SnapshotCodec());
                SnapshotSource source = transport.source();
                RedisClient client = RedisClient.create(redis.uri())) {
            source.start(listener);
            await().until(() -> listener.subscribed.get() == 1);

            client.connect().sync().replicaof("127.0.0.1", 1);

            await().until(() -> listener.disconnected.get() == 1);
            await().untilAsserted(() ->
                    assertThat(causes(log)).singleElement().asString().startsWith("not a master: Redis at"));
            client.connect().sync().replicaofNoOne();
            await().until(() -> listener.subscribed.get() == 2);
        }
    }

    @Test
    void schemeMismatch_correctSchemeIsSuggested(@TempDir Path directory) throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                EmbeddedRedis node = EmbeddedRedis.start(0, "--cluster-enabled", "yes");
                EmbeddedRedis sentinel = EmbeddedRedis.startSentinel(0, "")) {
            assertLogged(
                    RedisSettings.of("redis-cluster://127.0.0.1:" + server.port()),
                    "not a cluster: Redis at 127.0.0.1:" + server.port() + "; set the scheme redis:// in the URI");
            assertLogged(
                    RedisSettings.of("redis://127.0.0.1:" + sentinel.port()),
                    "a sentinel: Redis at 127.0.0.1:" + sentinel.port());
            assertThat(node.process().isAlive()).isTrue();
        }
    }
}
