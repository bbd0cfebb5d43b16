// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.aggregator.AggregatorSettings.Insecure;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.http.HttpSettings;
import io.tacho.cli.ListenAddress;
import io.tacho.redis.RedisSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AggregatorSettingsTest {

    private static AggregatorSettings settings(String listen, ApiSecret secret, Insecure insecure) {
        return new AggregatorSettings(
                HttpSettings.of(ListenAddress.parse(listen), 10, secret),
                insecure,
                RedisSettings.of(RedisSettings.DEFAULT_URI),
                Duration.ofSeconds(15),
                10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:7022", "[::1]:7022", "localhost:0"})
    void listen_loopbackIsOpen(String listen) {
        assertThatCode(() -> settings(listen, null, Insecure.NOT_SAID)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:7022", "[::]:7022"})
    void listen_beyondLoopbackNeedsAKeyOrAWord(String listen) {
        assertThatThrownBy(() -> settings(listen, null, Insecure.NOT_SAID))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("can be reached from other machines")
                .hasMessageContaining("TACHO_API_SECRET");
        assertThatCode(() -> settings(listen, new ApiSecret("s"), Insecure.NOT_SAID))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> settings(listen, null, Insecure.ON_LOOPBACK)).hasMessageContaining("said twice");
        assertThatCode(() -> settings(listen, null, Insecure.ANYWHERE)).doesNotThrowAnyException();
    }

    @Test
    void insecureApi_notTogetherWithASecret() {
        assertThatThrownBy(() -> settings("127.0.0.1:1", new ApiSecret("s"), Insecure.ON_LOOPBACK))
                .hasMessage("insecure-api: given together with a key (expected: one of them)");
    }
}
