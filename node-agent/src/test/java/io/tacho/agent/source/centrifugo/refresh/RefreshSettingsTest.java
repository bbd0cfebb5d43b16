// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo.refresh;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefreshSettingsTest {

    private static RefreshSettings settings(String host, String application) {
        return new RefreshSettings(new InetSocketAddress(host, 0), URI.create(application), null);
    }

    @Test
    void listen_beyondLoopback_isRejected() {
        assertThatThrownBy(() -> settings("0.0.0.0", "http://127.0.0.1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("refresh-listen: ")
                .hasMessageEndingWith("(expected: a loopback address, e.g. 127.0.0.1:7024)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://h", "http:///x", "http://u:s3cret@h/", "http://h/#s3cret", "/path"})
    void application_invalid_isRejected_withoutShowingCredentials(String application) {
        assertThatThrownBy(() -> settings("127.0.0.1", application))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("refresh-url: '")
                .hasMessageEndingWith("' (expected: http[s]://host[:port]/path, without credentials)");
    }

    @Test
    void application_password_isNotShown() {
        assertThatThrownBy(() -> settings("127.0.0.1", "http://u:s3cret@h/")).hasMessageNotContaining("s3cret");
    }
}
