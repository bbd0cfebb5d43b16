// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.aggregator.api.ApiSecret;
import io.tacho.cli.ListenAddress;
import io.tacho.redis.RedisSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AggregatorSettingsTest {

    private static AggregatorSettings settings(String listen, ApiSecret secret, boolean insecure) {
        return new AggregatorSettings(
                ListenAddress.parse(listen),
                secret,
                insecure,
                RedisSettings.of(RedisSettings.DEFAULT_URI),
                Duration.ofSeconds(15),
                10,
                10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:7022", "[::1]:7022", "localhost:0"})
    void listen_loopbackIsOpen(String listen) {
        assertThatCode(() -> settings(listen, null, false)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:7022", "[::]:7022"})
    void listen_beyondLoopbackNeedsAKeyOrAWord(String listen) {
        assertThatThrownBy(() -> settings(listen, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("can be reached from other machines")
                .hasMessageContaining("TACHO_API_SECRET");
        assertThatCode(() -> settings(listen, new ApiSecret("s"), false)).doesNotThrowAnyException();
        assertThatCode(() -> settings(listen, null, true)).doesNotThrowAnyException();
    }

    @Test
    void insecureApi_notTogetherWithASecret() {
        assertThatThrownBy(() -> settings("127.0.0.1:1", new ApiSecret("s"), true))
                .hasMessage("insecure-api: given together with api-secret (expected: one of them)");
    }
}
