// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.testing.CapturedLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("reads the log")
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

    private static int failThenFind(Deque<Throwable> failures) {
        Throwable next = failures.poll();
        if (next instanceof RuntimeException exception) {
            throw exception;
        }
        if (next instanceof Error error) {
            throw error;
        }
        return SELF;
    }

    @Test
    void sample_afterFailure_triesAgain() {
        Deque<Throwable> failures = new ArrayDeque<>(List.of(new IllegalStateException("no /proc")));
        OshiProbe probe = new OshiProbe(system -> failThenFind(failures));

        assertThat(probe.sample()).isEmpty();
        assertThat(probe.isConclusive()).isTrue();
        assertThat(probe.sample()).isPresent();
    }

    @Test
    void sample_withRepeatedFailures_isNotConclusiveUntilItSucceeds() {
        Deque<Throwable> failures = new ArrayDeque<>();
        for (int i = 0; i < 4; i++) {
            failures.add(new IllegalStateException("no /proc"));
        }
        OshiProbe probe = new OshiProbe(system -> failThenFind(failures));

        try (CapturedLog log = CapturedLog.of(OshiProbe.class)) {
            for (int i = 1; i <= 4; i++) {
                assertThat(probe.sample()).isEmpty();
                assertThat(probe.isConclusive()).as("after %d failures", i).isEqualTo(i < 3);
            }
            assertThat(log.lines())
                    .containsExactly("WARN the process of the node could not be read; trying again at the next beat");
        }
        assertThat(probe.sample()).isPresent();
        assertThat(probe.isConclusive()).isTrue();
    }

    @Test
    void sample_withoutNativePart_isNeverConclusive() {
        Deque<Throwable> failures = new ArrayDeque<>(List.of(new UnsatisfiedLinkError("jnidispatch")));
        OshiProbe probe = new OshiProbe(system -> failThenFind(failures));

        assertThat(probe.sample()).isEmpty();
        assertThat(probe.sample()).isEmpty();
        assertThat(probe.isConclusive()).isFalse();
    }
}
