// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
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

    @Test
    void otherProcess_hasCpuOfWindow_untilItEnds() {
        AtomicReference<ProcessNumbers> now = new AtomicReference<>(new ProcessNumbers(7, 3, 1_000, 0, 100));
        long[] nanos = {0};
        OtherProcess process = new OtherProcess(
                () -> java.util.Optional.ofNullable(now.get()), InstantSource.system(), () -> nanos[0]);
        process.refresh();
        process.endWindow();
        nanos[0] += Duration.ofSeconds(10).toNanos();
        now.set(new ProcessNumbers(7, 3, 1_000, Duration.ofSeconds(4).toNanos(), 100));
        process.refresh();
        process.endWindow();

        assertThat(process.cpuUsage()).hasValue(40);
        assertThat(process.threads()).hasValue(3);
        now.set(null);
        process.refresh();
        assertThat(process.isThere()).isFalse();
        assertThat(process.cpuUsage()).isEmpty();
    }
}
