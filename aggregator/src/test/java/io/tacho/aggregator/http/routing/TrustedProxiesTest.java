// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.routing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "proxy.example", "10.0.0.0/33", "::1/129", "10.0.0.0/x", "1.2.3"})
    void network_invalid_isRejected(String text) {
        assertThatThrownBy(() -> TrustedProxies.of(List.of(text)))
                .hasMessage("trusted-proxy: '" + text + "' (expected: an IP address or a network, e.g. 10.0.0.0/8)");
    }
}
