// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {

    @Test
    void parse_ipv6() {
        InetSocketAddress address = ListenAddress.parse("[::1]:7022");

        assertThat(address.getPort()).isEqualTo(7022);
        assertThat(address.getAddress().isLoopbackAddress()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "7022", ":7022", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "::1:7022", "a:70000", "a b:1"})
    void parse_invalid_isRejected(String listen) {
        assertThatThrownBy(() -> ListenAddress.parse(listen))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("listen: '" + listen + "' (expected: host:port");
    }
}
