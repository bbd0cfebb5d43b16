// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {

    private static final AllowedHosts LOOPBACK =
            AllowedHosts.of(new InetSocketAddress("127.0.0.1", 7022), List.of("Tacho.Example", "*.lan"));

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "localhost", "LocalHost:7022", "app.localhost:1", "localhost.:7022", "127.0.0.1", "127.0.0.1:7022",
                "10.0.3.17:7022", "[::1]:7022", "[fe80::1]", "tacho.example:443", "TACHO.example.", "a.b.lan"
            })
    void loopback_allowsAddressesAndNamedHosts(String host) {
        assertThat(LOOPBACK.allows(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example", "evil.example:7022", "localhost.evil.example", "127.0.0.1.evil.example",
                        "evillocalhost",
                "tacho.example.evil.example", "lan", "aggregator:7022", "1.2.3.4.5", "127.1"
            })
    void loopback_rejectsOtherNames(String host) {
        assertThat(LOOPBACK.allows(host)).isFalse();
    }

    @Test
    void allInterfaces_allowContainerNames() {
        AllowedHosts everywhere = AllowedHosts.of(new InetSocketAddress("0.0.0.0", 7022), List.of());

        assertThat(everywhere.allows("aggregator1:7022")).isTrue();
        assertThat(everywhere.allows("127.0.0.1:7023")).isTrue();
        assertThat(everywhere.allows("evil.example")).isFalse();
    }

    @Test
    void ownName_isAllowed() {
        InetSocketAddress listen = InetSocketAddress.createUnresolved("tacho.example", 7022);

        assertThat(AllowedHosts.of(listen, List.of()).allows("tacho.example:7022"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http://tacho.example", "tacho.example:7022", "a b"})
    void name_withSchemeOrPort_isRejected(String name) {
        InetSocketAddress listen = new InetSocketAddress("127.0.0.1", 7022);

        assertThatThrownBy(() -> AllowedHosts.of(listen, List.of(name)))
                .hasMessage("allowed-host: '" + name
                        + "' (expected: a host name without scheme and port, e.g. tacho.example or *.example)");
    }
}
