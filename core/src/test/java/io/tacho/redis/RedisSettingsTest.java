// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
                "redis://h:70000"
            })
    void uri_refusedWithoutShowingIt(String uri) {
        assertThatThrownBy(() -> RedisSettings.of(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: redis://")
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "{tacho}", "a:b", "ü"})
    void namespace_refused(String namespace) {
        assertThatThrownBy(() -> RedisSettings.of(RedisSettings.DEFAULT_URI).withNamespace(namespace))
                .hasMessage("namespace: \"" + namespace + "\" (expected: 1 to 64 letters, digits, '.', '_' or '-')");
    }

    @Test
    void partitionsAndTimeout_refused() {
        assertThatThrownBy(() -> new RedisSettings(RedisSettings.DEFAULT_URI, "t", 0, Duration.ofSeconds(1)))
                .hasMessage("partitions: 0 (expected: 1 to 1024)");
        assertThatThrownBy(() -> new RedisSettings(RedisSettings.DEFAULT_URI, "t", 1, Duration.ZERO))
                .hasMessage("commandTimeout: PT0S (expected: > 0)");
    }
}
