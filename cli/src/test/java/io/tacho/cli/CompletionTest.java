// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.AutoComplete;

class CompletionTest {

    @TempDir
    private Path directory;

    /** Completes the last of the words, as bash does. */
    private String complete(String... words) throws IOException {
        Path script = directory.resolve("completion");
        Files.writeString(script, AutoComplete.bash("tacho", Tacho.commandLine()));
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source " + script + "; COMP_WORDS=(" + String.join(" ", words) + "); COMP_CWORD="
                                + (words.length - 1) + "; _complete_tacho; echo \"${COMPREPLY[*]}\"")
                .redirectErrorStream(true)
                .start();
        return new String(bash.getInputStream().readAllBytes(), UTF_8).strip();
    }

    @Test
    void completion_hasCommandsAndOptions() throws IOException {
        assertThat(complete("tacho", "agg")).isEqualTo("aggregator");
        assertThat(complete("tacho", "aggregator", "--sweep")).contains("--sweep-interval");
        assertThat(complete("tacho", "agent", "--sou")).contains("--source").doesNotContain("--sweep-interval");
    }
}
