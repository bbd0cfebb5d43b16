// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxySettingsTest {

    private static ProxySettings settings(String host, String application) {
        return new ProxySettings(new InetSocketAddress(host, 0), URI.create(application), null);
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:3000, http://127.0.0.1:3000/connect",
        "http://127.0.0.1:3000/, http://127.0.0.1:3000/connect",
        "https://app.example/centrifugo, https://app.example/centrifugo/connect"
    })
    void url_isThatOfTheApplicationAndThePath(String application, String url) {
        assertThat(settings("127.0.0.1", application).url("/connect")).hasToString(url);
    }

    @Test
    void listen_beyondLoopback_isRejected() {
        assertThatThrownBy(() -> settings("0.0.0.0", "http://127.0.0.1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("proxy-listen: ")
                .hasMessageEndingWith("(expected: a loopback address, e.g. 127.0.0.1:7024)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://h", "http:///x", "http://u:s3cret@h/", "http://h/?s3cret=1", "http://h/#s3cret", "/path"})
    void application_thatIsInvalid_isRejectedWithoutItsCredentials(String application) {
        assertThatThrownBy(() -> settings("127.0.0.1", application))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("proxy-application: '")
                .hasMessageEndingWith("' (expected: http[s]://host[:port][/path], without credentials)");
    }

    @Test
    void application_password_isNotShown() {
        assertThatThrownBy(() -> settings("127.0.0.1", "http://u:s3cret@h/")).hasMessageNotContaining("s3cret");
    }
}
