// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OshiProbeIT {

    private static final int SELF = (int) ProcessHandle.current().pid();

    @Test
    void ofPid_thisProcess() {
        ProcessNumbers numbers = OshiProbe.ofPid(SELF).sample().orElseThrow();

        assertThat(numbers.pid()).isEqualTo(SELF);
        assertThat(numbers.threads()).isGreaterThan(3);
        assertThat(numbers.residentBytes()).isGreaterThan(10_000_000);
        assertThat(numbers.cpuTimeNanos()).isPositive();
        assertThat(numbers.startedAtSeconds())
                .isBetween(
                        System.currentTimeMillis() / 1_000 - Duration.ofDays(1).toSeconds(),
                        System.currentTimeMillis() / 1_000 + 1);
    }

    @Test
    void ofPid_unknownProcess_returnsEmpty() {
        assertThat(OshiProbe.ofPid(Integer.MAX_VALUE).sample()).isEmpty();
    }

    @Test
    void ofListener_findsListeningProcess() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
            assertThat(OshiProbe.ofListener(port).sample())
                    .hasValueSatisfying(numbers -> assertThat(numbers.pid()).isEqualTo(SELF));
        }
        assertThat(OshiProbe.ofListener(port).sample()).isEmpty();
    }
}
