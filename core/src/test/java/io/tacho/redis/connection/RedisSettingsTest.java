// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisSettingsTest {

    @Test
    void toString_showsNoCredentials() {
        RedisSettings settings = RedisSettings.of("redis://me:s3cret@example.test:6380/2");

        assertThat(settings.toString()).contains("example.test:6380").doesNotContain("s3cret", "me:");
        assertThat(settings.address()).isEqualTo("example.test:6380");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s3cret",
                "http://s3cret@host",
                "redis://",
                "localhost:6379",
                "redis://h:s3cret",
                "redis://h:70000",
                "redis://h:0",
                "redis://h,g",
                "redis-sentinel://:s3cret@h:26379",
                "redis-sentinel://:s3cret@h:99999?sentinelMasterId=m",
                "redis-cluster://:s3cret@h/3",
                "redis-cluster://",
                "redis-ring://h"
            })
    void invalidUri_isRejected_withoutShowingCredentials(String uri) {
        assertThatThrownBy(() -> RedisSettings.of(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: redis://")
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1025})
    void previousPartitions_invalid_areRejected(int previous) {
        RedisSettings settings = RedisSettings.of(RedisSettings.DEFAULT_URI).withPartitions(8);

        assertThat(settings.previousPartitions())
                .as("default: the current partitions")
                .isEqualTo(8);
        assertThat(settings.withPreviousPartitions(2).withPartitions(16).previousPartitions())
                .as("reset by new partitions")
                .isEqualTo(16);
        assertThatThrownBy(() -> settings.withPreviousPartitions(previous))
                .hasMessage("previous-partitions: " + previous + " (expected: 1 to 1024)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "{tacho}", "a:b", "ü"})
    void namespace_invalid_isRejected(String namespace) {
        assertThatThrownBy(() -> RedisSettings.of(RedisSettings.DEFAULT_URI).withNamespace(namespace))
                .hasMessage("namespace: \"" + namespace + "\" (expected: 1 to 64 letters, digits, '.', '_' or '-')");
    }

    @Test
    void partitionsAndTimeout_invalid_areRejected() {
        assertThatThrownBy(() -> new RedisSettings(RedisSettings.DEFAULT_URI, "t", 0, Duration.ofSeconds(1)))
                .hasMessage("partitions: 0 (expected: 1 to 1024)");
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0s", "PT0.000000001S, 1ns", "PT0.009999S, 9999us", "PT1H0.001S, 3600001ms"})
    void timeoutOutOfRange_isRejected(Duration timeout, String shown) {
        assertThatThrownBy(() -> new RedisSettings(RedisSettings.DEFAULT_URI, "t", 1, timeout))
                .hasMessage("redis-timeout: " + shown + " (expected: 10ms to 1h)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.01S", "PT1H"})
    void timeoutAtBound_isAccepted(Duration timeout) {
        assertThat(new RedisSettings(RedisSettings.DEFAULT_URI, "t", 1, timeout).commandTimeout())
                .isEqualTo(timeout);
    }

    @Test
    void unencodedPassword_isRejected_withoutShowingIt() {
        assertThatThrownBy(() -> RedisSettings.of("redis://:pa%zzword@h"))
                .hasMessageStartingWith("redis: a user or password that is not URL-encoded (expected: redis://")
                .hasMessageNotContaining("zz")
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rediss://h?verifyPeer=NONE | verifyPeer=NONE (expected: CA or FULL)",
                "rediss://h?verifyPeer=none | verifyPeer=none (expected: CA or FULL)",
                "rediss://h?verifyPeer=false | verifyPeer=false (expected: CA or FULL)",
                "rediss://h?verifyPeer | verifyPeer= (expected: CA or FULL)",
                "rediss://h?verifyPeer=CA&verifyPeer=NONE | verifyPeer given twice (expected: once)",
                "redis://h?verifyPeer=CA | verifyPeer in a URI without TLS (expected: rediss)",
                "redis://h?sentinelMasterId=m | sentinelMasterId in a URI without sentinels (expected: redis-sentinel)",
                "redis-sentinel://h?sentinelMasterId=m&sentinelMasterId=n | sentinelMasterId given twice (expected: once)"
            })
    void invalidParameters_areRejected(String uri, String error) {
        assertThatThrownBy(() -> RedisSettings.of(uri)).hasMessage("redis: query parameter " + error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeout=5s", "verifypeer=CA", "db=3", "a&verifyPeer=CA"})
    void unknownParameters_areRejected(String query) {
        String name = query.replaceFirst("[&=].*", "");

        assertThatThrownBy(() -> RedisSettings.of("redis://h?" + query))
                .hasMessage("redis: query parameter '" + name + "' (expected: sentinelMasterId or verifyPeer)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "redis://me:s3cret@h h:6379",
                "rediss://h:7000/2 h:7000",
                "redis://[::1]:7000 [::1]:7000",
                "redis-sentinel://me:s3cret@a,b:7000/2?sentinelMasterId=m a:26379,b:7000(m)",
                "rediss-sentinel://a:7001?sentinelMasterId=m a:7001(m)",
                "redis-cluster://me:s3cret@a,b:7000 a:6379,b:7000",
                "rediss-cluster://a a:6379"
            })
    void address_ofEachDeployment(String uri, String address) {
        assertThat(RedisSettings.of(uri).address()).isEqualTo(address);
        assertThat(RedisSettings.of(uri).toString()).contains(address).doesNotContain("s3cret", "me:");
    }

    @Test
    void sentinelUri_allParametersAreApplied() {
        RedisURI uri = RedisSettings.of("rediss-sentinel://us%40er:p%2Fw@a,b:7000/2?sentinelMasterId=m&verifyPeer=CA")
                .withCredentials(new RedisCredentials(null, null, "watcher", "s3cret"))
                .deployment()
                .uris()
                .get(0);

        assertThat(uri.getSentinelMasterId()).isEqualTo("m");
        assertThat(uri.getDatabase()).isEqualTo(2);
        assertThat(uri.isSsl()).isTrue();
        assertThat(uri.getVerifyMode()).isEqualTo(SslVerifyMode.CA);
        assertLogin(uri, "us@er", "p/w");
        assertThat(uri.getSentinels()).hasSize(2).allSatisfy(sentinel -> {
            assertThat(sentinel.isSsl()).isTrue();
            assertLogin(sentinel, "watcher", "s3cret");
        });
    }

    @Test
    void credentials_takePrecedenceOverUri() {
        RedisSettings settings = RedisSettings.of("redis-cluster://us%40er:old@a,b");

        assertThat(settings.withCredentials(new RedisCredentials(null, "new", null, null))
                        .deployment()
                        .uris())
                .hasSize(2)
                .allSatisfy(uri -> assertLogin(uri, "us@er", "new"));
        assertThat(settings.withCredentials(new RedisCredentials("other", "new", null, null))
                        .deployment()
                        .uris())
                .allSatisfy(uri -> assertLogin(uri, "other", "new"));
    }

    private static void assertLogin(RedisURI uri, String user, String password) {
        io.lettuce.core.RedisCredentials login =
                uri.getCredentialsProvider().resolveCredentials().block();
        assertThat(login.getUsername()).isEqualTo(user);
        assertThat(new String(login.getPassword())).isEqualTo(password);
    }

    @Test
    void credentials_areReadForEveryConnection() {
        AtomicReference<String> password = new AtomicReference<>("old");
        RedisURI uri = RedisSettings.of("redis://me:unused@h")
                .withCredentials(() -> new RedisCredentials(null, password.get(), null, null))
                .deployment()
                .uris()
                .get(0);

        assertLogin(uri, "me", "old");
        password.set("new");
        assertLogin(uri, "me", "new");
    }

    @Test
    void userInUri_isPercentDecoded() {
        assertLogin(
                RedisSettings.of("redis://a%3Ab:p%3Aw@h").deployment().uris().get(0), "a:b", "p:w");
        assertLogin(
                RedisSettings.of("redis://me@h")
                        .withCredentials(new RedisCredentials(null, "s3cret", null, null))
                        .deployment()
                        .uris()
                        .get(0),
                "me",
                "s3cret");
        assertLogin(RedisSettings.of("redis://me@h").deployment().uris().get(0), "me", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://stack_service:7000",
                "redis-cluster://stack_service:7000",
                "redis-sentinel://stack_service:7000?sentinelMasterId=m"
            })
    void host_withUnderscore_isAccepted(String uri) {
        RedisDeployment deployment = RedisSettings.of(uri).deployment();
        RedisURI first = deployment.uris().get(0);

        assertThat(deployment.address()).startsWith("stack_service:7000");
        assertThat(
                        first.getSentinels().isEmpty()
                                ? first.getHost()
                                : first.getSentinels().get(0).getHost())
                .isEqualTo("stack_service");
    }

    @Test
    void credentials_invalid_areRejected() {
        assertThatThrownBy(() -> RedisSettings.of(RedisSettings.DEFAULT_URI)
                        .withCredentials(new RedisCredentials("me", null, null, null)))
                .hasMessage("redis-user: given without a password (expected: redis-password too)");
        assertThatThrownBy(() -> new RedisCredentials(null, "", null, null))
                .hasMessageStartingWith("redis-password: empty");
        assertThatThrownBy(() -> new RedisCredentials(null, null, "me", null))
                .hasMessageStartingWith("redis-sentinel-user: given without a password");
        assertThat(new RedisCredentials("me", "s3cret", "you", "s3cret").toString())
                .doesNotContain("s3cret");
    }

    @Test
    void tls_invalidFiles_areRejected(@TempDir Path directory) throws IOException {
        Path missing = directory.resolve("missing.pem");
        Path garbage = Files.writeString(directory.resolve("garbage.pem"), "s3cret");

        assertThatThrownBy(() -> new RedisTls(missing, null, null))
                .hasMessage("redis-ca: cannot read " + missing + ", no such file (expected: a readable file)");
        assertThatThrownBy(() -> new RedisTls(garbage, null, null))
                .hasMessage("redis-ca: " + garbage + " holds no certificate (expected: X.509 in PEM)");
        assertThatThrownBy(() -> new RedisTls(null, garbage, null))
                .hasMessage("redis-cert: given without redis-key (expected: both or none)");
        assertThatThrownBy(() -> new RedisTls(null, null, garbage))
                .hasMessage("redis-key: given without redis-cert (expected: both or none)");
    }

    @Test
    void tlsFiles_withoutTlsUri_areRejected() {
        RedisTls tls = new RedisTls(Path.of("src/test/resources/test-ca.pem"), null, null);

        assertThatThrownBy(() -> RedisSettings.of("redis://h").withTls(tls))
                .hasMessageStartingWith("redis-ca: given with a URI without TLS (expected: rediss://");
        assertThat(RedisSettings.of("rediss://h").withTls(tls).tls()).isEqualTo(tls);
        assertThatThrownBy(() -> new RedisTls(null, tls.ca(), tls.ca()))
                .hasMessageContaining("redis-key: ")
                .hasMessageContaining("expected: PEM with -----BEGIN PRIVATE KEY-----");
    }
}
