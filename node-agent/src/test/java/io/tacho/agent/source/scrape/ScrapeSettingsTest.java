// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrapeSettingsTest {

    private static ScrapeSettings settings(String url, String user, String password, String token) {
        return new ScrapeSettings(
                URI.create(url),
                user,
                password == null ? null : () -> password,
                token == null ? null : () -> token,
                null,
                Duration.ofSeconds(2),
                Duration.ofSeconds(15));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "metrics                  | - | - | - | url: 'metrics' (expected: http[s]://host[:port]/metrics)",
                "ftp://h/metrics          | - | - | - | url: 'ftp://h/metrics' (expected",
                "http://u:secret@h/m      | - | - | - | url: with a user or password in it (expected: source-user",
                "http://h/m               | u | - | - | source-user: set without its password (expected: both or none)",
                "http://h/m               | - | p | - | source-user: missing beside its password (expected: both or none)",
                "http://h/m               | u | p | t | source-user: set together with a token (expected: one of them)",
            })
    void invalidSettings_areRejected(String url, String user, String password, String token, String message) {
        assertThatThrownBy(() -> settings(url, user, password, token))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("secret");
    }

    @Test
    void port_defaultsToScheme() {
        assertThat(settings("http://h/m", null, null, null).port()).isEqualTo(80);
        assertThat(settings("https://h/m", null, null, null).port()).isEqualTo(443);
        assertThat(settings("https://h:8000/m", null, null, null).port()).isEqualTo(8000);
    }

    @Test
    void url_withoutPath() {
        assertThat(settings("http://h:8000", null, null, null).url()).hasToString("http://h:8000/metrics");
    }

    @Test
    void isLocal_loopbackAddresses() {
        assertThat(settings("http://127.0.0.1/m", null, null, null).isLocal()).isTrue();
        assertThat(settings("http://127.8.0.1/m", null, null, null).isLocal()).isTrue();
        assertThat(settings("http://localhost/m", null, null, null).isLocal()).isTrue();
        assertThat(settings("http://[::1]/m", null, null, null).isLocal()).isTrue();
        assertThat(settings("http://127.example.org/m", null, null, null).isLocal())
                .isFalse();
        assertThat(settings("http://10.0.0.1/m", null, null, null).isLocal()).isFalse();
    }

    @Test
    void url_hostWithUnderscore_isAccepted() throws UnknownHostException {
        ScrapeSettings settings = withUrl("http://stack_service:8001/metrics?x=1");
        assertThat(settings.host()).isEqualTo("stack_service");
        assertThat(settings.port()).isEqualTo(8001);
        assertThat(settings.isLocal()).isFalse();
        assertThat(withUrl("http://stack_service").port()).isEqualTo(80);
        assertThat(MetricsClient.resolved(settings.url(), InetAddress.getByName("10.0.0.7")))
                .isEqualTo(URI.create("http://10.0.0.7:8001/metrics?x=1"));
        assertThat(MetricsClient.resolved(settings.url(), InetAddress.getByName("fd00::7")))
                .isEqualTo(URI.create("http://[fd00:0:0:0:0:0:0:7]:8001/metrics?x=1"));
        assertThatThrownBy(() -> withUrl("https://stack_service"))
                .hasMessage(
                        "url: host 'stack_service' under https (expected: a name without underscores, as certificates"
                                + " require)");
        assertThatThrownBy(() -> withUrl("http://user:secret@stack_service/metrics"))
                .hasMessageStartingWith("url: ")
                .hasMessageNotContaining("secret");
    }

    private static ScrapeSettings withUrl(String url) {
        return new ScrapeSettings(
                URI.create(url), null, null, null, null, Duration.ofSeconds(2), Duration.ofSeconds(15));
    }
}
