// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessSamplerTest {

    private final ProcessSampler process = new ProcessSampler();

    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            value = {"0:1", "0-3:4", "0-3,6,8-9:7", "0,2:2", "12-12:1"})
    void countCpus_ofList(String list, int expected) {
        assertThat(ProcessSampler.countCpus(list)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "0-", "-"})
    void countCpus_invalidList(String list) {
        assertThatThrownBy(() -> ProcessSampler.countCpus(list)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void thisProcess_hasPlausibleValues() {
        long now = System.currentTimeMillis() / 1_000;

        assertThat(process.residentBytes()).isBetween(10L << 20, 1L << 40);
        assertThat(process.numThreads()).isBetween(1L, 10_000L);
        assertThat(process.availableProcessors()).isPositive();
        assertThat(process.machineProcessors()).isGreaterThanOrEqualTo(process.availableProcessors());
        assertThat(process.startedAtSeconds()).isBetween(now - 3_600, now);
        assertThat(process.cpuTimeNanos()).isPositive();
    }

    @Test
    void unresolvedHost_isKernelHostname_elseEnvironment_elseLocalhost(@TempDir Path directory) throws IOException {
        Path kernel = directory.resolve("hostname");
        assertThat(ProcessSampler.unresolvedHost(kernel, "web-18")).isEqualTo("web-18");
        assertThat(ProcessSampler.unresolvedHost(kernel, null)).isEqualTo("localhost");

        Files.writeString(kernel, "web-17\n");
        assertThat(ProcessSampler.unresolvedHost(kernel, "web-18")).isEqualTo("web-17");

        Files.writeString(kernel, "(none)\n");
        assertThat(ProcessSampler.unresolvedHost(kernel, "web-18")).isEqualTo("web-18");
        assertThat(ProcessSampler.unresolvedHost(kernel, null)).isEqualTo("localhost");
    }
}
