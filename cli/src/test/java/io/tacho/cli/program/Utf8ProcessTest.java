// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Utf8ProcessTest {

    @TempDir
    private Path process;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(process.resolve("cmdline"), "java\0-jar\0t.jar\0agent\0--name\0Z\u00fcrich-\u4e16\u754c\0\0");
        Files.writeString(process.resolve("environ"), "PATH=/bin\0TACHO_NAME=Z\u00fcrich=1\0OTHER=x\0");
    }

    @Test
    void arguments_notDecodableInTheLocale_areReadAsUtf8() {
        assertThat(Utf8Process.arguments(process, "--name", "Z\uFFFD\uFFFDrich-\uFFFD", ""))
                .containsExactly("--name", "Z\u00fcrich-\u4e16\u754c", "");
    }

    @Test
    void arguments_decodable_areUnchanged() {
        assertThat(Utf8Process.arguments(process, "--name", "other")).containsExactly("--name", "other");
    }

    @Test
    void arguments_withoutProc_areUnchanged() {
        assertThat(Utf8Process.arguments(process.resolve("none"), "Z\uFFFDrich"))
                .containsExactly("Z\uFFFDrich");
    }

    @Test
    void environment_notDecodableInTheLocale_isReadAsUtf8() {
        assertThat(Utf8Process.environment(process, Map.of("TACHO_NAME", "Z\uFFFD\uFFFDrich=1", "PATH", "/bin")))
                .containsOnly(Map.entry("TACHO_NAME", "Z\u00fcrich=1"), Map.entry("PATH", "/bin"));
    }
}
