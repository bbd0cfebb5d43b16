// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.aggregator.AggregatorSettings.Insecure;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.http.HttpSettings;
import io.tacho.redis.connection.RedisSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AggregatorSettingsTest {

    private static AggregatorSettings settings(String host, ApiSecret secret, Insecure insecure) {
        return new AggregatorSettings(
                HttpSettings.of(new InetSocketAddress(host, 0), 10, secret),
                insecure,
                RedisSettings.of(RedisSettings.DEFAULT_URI),
                Duration.ofSeconds(15),
                MemoryLimits.ofThisJvm());
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "localhost"})
    void listen_loopbackWithoutKey_isValid(String host) {
        assertThatCode(() -> settings(host, null, Insecure.NOT_ALLOWED)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void listen_nonLoopbackAddress_requiresASecretOrInsecureApiTwice(String host) {
        assertThatThrownBy(() -> settings(host, null, Insecure.NOT_ALLOWED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("can be reached from other machines")
                .hasMessageContaining("TACHO_API_SECRET");
        assertThatCode(() -> settings(host, new ApiSecret("s"), Insecure.NOT_ALLOWED))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> settings(host, null, Insecure.ON_LOOPBACK)).hasMessageContaining("given twice");
        assertThatCode(() -> settings(host, null, Insecure.ANYWHERE)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb"})
    void clusterName_emptyOrWithControlCharacters_isRejected(String name) {
        AggregatorSettings valid = settings("127.0.0.1", null, Insecure.NOT_ALLOWED);

        assertThat(valid.clusterName()).isEqualTo("tacho");
        assertThatThrownBy(() -> new AggregatorSettings(
                        valid.http(),
                        valid.insecure(),
                        valid.redis(),
                        valid.sweepInterval(),
                        valid.memory(),
                        name,
                        valid.tiers()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(
                        "cluster-name: (empty|3 characters) \\(expected: 1 to 128 characters, no control characters\\)");
    }

    @Test
    void insecureApi_withSecret_isRejected() {
        assertThatThrownBy(() -> settings("127.0.0.1", new ApiSecret("s"), Insecure.ON_LOOPBACK))
                .hasMessage("insecure-api: given together with a key (expected: one of them)");
    }
}
