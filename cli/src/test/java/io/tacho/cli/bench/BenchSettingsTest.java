// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.cli.bench.BenchSettings.Phase;
import io.tacho.cli.bench.program.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchSettingsTest {

    private static BenchSettings settings(List<Integer> nodes, List<Integer> connections, int seconds, int runs) {
        return new BenchSettings(Set.of(Phase.RESPONSES), nodes, connections, seconds, runs);
    }

    @Test
    void settings_outOfRange_areRejected() {
        assertThatThrownBy(() -> settings(List.of(10, 0), List.of(1), 1, 1))
                .hasMessage("nodes: 0 (expected: 1 to 100000)");
        assertThatThrownBy(() -> settings(List.of(), List.of(1), 1, 1))
                .hasMessage("nodes: none (expected: at least one)");
        assertThatThrownBy(() -> settings(List.of(1), List.of(1_001), 1, 1))
                .hasMessage("connections: 1001 (expected: 1 to 1000)");
        assertThatThrownBy(() -> settings(List.of(1), List.of(1), 61, 1)).hasMessage("seconds: 61 (expected: 1 to 60)");
        assertThatThrownBy(() -> settings(List.of(1), List.of(1), 1, 0)).hasMessage("runs: 0 (expected: 1 to 20)");
    }

    @Test
    void phase_byName() {
        assertThat(Phase.of("load")).isEqualTo(Phase.LOAD);
        assertThatThrownBy(() -> Phase.of("strom"))
                .hasMessage("phases: 'strom' (expected: some of start, responses, polls, ingest, load, alternatives)");
    }

    @Test
    void expectedSeconds_default_isSixMinutes() {
        BenchSettings defaults = new BenchSettings(
                BenchSettings.ALL,
                BenchSettings.DEFAULT_NODES,
                BenchSettings.DEFAULT_CONNECTIONS,
                BenchSettings.DEFAULT_SECONDS,
                BenchSettings.DEFAULT_RUNS);

        assertThat(defaults.expectedSeconds()).isBetween(300, 360);
        assertThat(settings(List.of(10), List.of(1), 1, 1).expectedSeconds()).isEqualTo(15);
    }

    @Test
    void version_isTheFirstVersionInTheOutput(@TempDir Path directory) throws Exception {
        Path program = Files.writeString(
                directory.resolve("gateway"), "#!/bin/sh\necho \"gateway ($1), version 1.5.1+x (2023)\" >&2\nexit 1\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();

        assertThat(Tool.NGINX.version(program)).isEqualTo("1.5.1");
        Files.writeString(program, "#!/bin/sh\necho none\n");
        assertThat(Tool.version(program, "version")).isEqualTo("unknown");
    }

    @Test
    void requireExecutable_missing_errorHasTheOption(@TempDir Path directory) {
        assertThatThrownBy(() -> Tool.requireExecutable("centrifugo", directory))
                .hasMessage("centrifugo: " + directory + " (expected: an executable file)");
    }

    @Test
    void tool_foundOnThePathOrErrorExplainsHowToInstallIt(@TempDir Path directory) throws IOException {
        String path = "/nonexistent::" + directory;
        assertThatThrownBy(() -> Tool.WRK.find(path))
                .hasMessageStartingWith("wrk not found")
                .hasMessageContaining("apt-get install wrk");

        Path wrk = Files.createFile(directory.resolve("wrk"));
        assertThat(wrk.toFile().setExecutable(true)).isTrue();
        assertThat(Tool.WRK.find(path)).isEqualTo(wrk);
    }
}
