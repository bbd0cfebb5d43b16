// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishSettingsTest {

    @Test
    void defaults() {
        PublishSettings settings = PublishSettings.of(null, null, null, null, null);

        assertThat(settings.metricsInterval()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.publishInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.ttl()).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.history()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.name()).endsWith("_" + ProcessHandle.current().pid());
        assertThat(settings.uid())
                .isNotEqualTo(PublishSettings.of(null, null, null, null, null).uid());
    }

    @Test
    void defaults_areDerivedFromShortWindow() {
        PublishSettings settings = PublishSettings.of("n", Duration.ofSeconds(1), null, null, null);

        assertThat(settings.publishInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.ttl()).isEqualTo(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @CsvSource({
        "PT60S,PT5S,PT10S",
        "PT1S,PT0.1S,PT0.2S",
        "PT24H,PT12H,PT24H",
    })
    void bounds_areAccepted(Duration metrics, Duration publish, Duration ttl) {
        assertThat(PublishSettings.of("n", metrics, publish, ttl, null).ttl()).isEqualTo(ttl);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PT0S   | PT5S     | PT15S   | metrics-interval: 0s (expected: whole seconds, 1s to 24h)",
                "PT1.5S | PT1S     | PT15S   | metrics-interval: 1500ms (expected: whole seconds, 1s to 24h)",
                "PT25H  | PT5S     | PT15S   | metrics-interval: 25h (expected: whole seconds, 1s to 24h)",
                "PT60S  | PT0.099S | PT15S   | publish-interval: 99ms (expected: 100ms to the metrics interval, 1m)",
                "PT60S  | PT61S    | PT200S  | publish-interval: 61s (expected: 100ms to the metrics interval, 1m)",
                "PT60S  | PT5S     | PT9.9S  | ttl: 9900ms (expected: at least two publish intervals, 10s, at most 24h)",
                "PT60S  | PT5S     | PT25H   | ttl: 25h (expected: at least two publish intervals, 10s, at most 24h)",
            })
    void durations_invalid_areRejected(Duration metrics, Duration publish, Duration ttl, String message) {
        assertThatThrownBy(() -> PublishSettings.of("n", metrics, publish, ttl, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"PT0S", "PT60S", "PT720H"})
    void history_valid_isAccepted(Duration history) {
        assertThat(PublishSettings.of("n", null, null, null, history).history()).isEqualTo(history);
    }

    @ParameterizedTest
    @CsvSource({"PT59S,59s", "PT-1S,-1s", "PT721H,721h"})
    void history_invalid_isRejected(Duration history, String text) {
        assertThatThrownBy(() -> PublishSettings.of("n", null, null, null, history))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("history: " + text + " (expected: 0s, or at least the metrics interval, 1m, at most 720h)");
    }

    @Test
    void address_invalid_isReportedWithOtherErrors() {
        assertThat(PublishSettings.of("n", null, null, null, null)
                        .withAddress("chat-1:8000")
                        .address())
                .isEqualTo("chat-1:8000");
        assertThatThrownBy(() -> PublishSettings.of("n", null, null, null, null).withAddress("chat-1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("address: 'chat-1' (expected: host:port, or a URL without user, query and fragment)");
    }

    @Test
    void name_invalid_isRejected() {
        assertThatThrownBy(() -> PublishSettings.of("  ", null, null, null, null))
                .hasMessage("name: empty (expected: 1 to 255 characters)");
        assertThatThrownBy(() -> PublishSettings.of("n".repeat(256), null, null, null, null))
                .hasMessage("name: 256 characters (expected: 1 to 255)");
        assertThatThrownBy(() -> PublishSettings.of("a\nb", null, null, null, null))
                .hasMessage("name: control character U+000A at index 1 (expected: printable characters)");
    }

    @Test
    void name_withReplacementCharacter_isRejected() {
        assertThatThrownBy(() -> PublishSettings.of("Z\uFFFD\uFFFDrich", null, null, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("name: contains U+FFFD");
    }
}
