// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsFileTest {

    private static final List<String> KNOWN = List.of("redis", "redis-password", "ttl", "name");

    @TempDir
    private Path directory;

    private SettingsFile read(String... lines) throws IOException {
        Path file = Files.writeString(directory.resolve("f"), String.join("\n", lines));
        return SettingsFile.read(file, KNOWN);
    }

    private String value(String... lines) throws IOException {
        SettingsFile file = read(lines);
        assertThat(file.errors()).isEmpty();
        return file.find("name").value();
    }

    private List<String> errors(String... lines) throws IOException {
        return read(lines).errors().stream()
                .map(error -> error.replace(directory.resolve("f").toString(), "f"))
                .toList();
    }

    @Test
    void value_originIsItsLine() throws IOException {
        ResolvedValue ttl = read("# comment", "", "! comment", "ttl = 15s").find("ttl");

        assertThat(ttl.value()).isEqualTo("15s");
        assertThat(ttl.origin()).isEqualTo(directory.resolve("f") + ":4");
        assertThat(ttl).hasToString(directory.resolve("f") + ":4: ttl");
        assertThat(ttl.isOfEnvironment()).isFalse();
    }

    @Test
    void missingKey_isNull() throws IOException {
        assertThat(read("ttl=1s").find("name")).isNull();
        assertThat(read("").values()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name=a | a",
                "name: a | a",
                "name a | a",
                "name = a = b | a = b",
                "name = a # b | a # b",
                "name = \\u00e4 | ä",
                "name = ä | ä",
                "name = a\\\\b | a\\b",
                "\\u006eame = a | a",
                "name = | ''",
                "name | ''"
            })
    void line_isReadAsAJavaProperty(String line, String value) throws IOException {
        assertThat(value(line)).isEqualTo(value);
    }

    @Test
    void continuedLine_isOneValue_laterLinesKeepTheirNumbers() throws IOException {
        SettingsFile file = read("name = a,\\", "   b,\\", "   c", "tll = 1s");

        assertThat(file.find("name").value()).isEqualTo("a,b,c");
        assertThat(file.errors()).singleElement().asString().contains("f:4: tll: no such setting (expected: ttl)");
    }

    @Test
    void escapedBackslashAtTheEnd_isNotAContinuation() throws IOException {
        SettingsFile file = read("name = a\\\\", "ttl = 1s");

        assertThat(file.find("name").value()).isEqualTo("a\\");
        assertThat(file.find("ttl").value()).isEqualTo("1s");
    }

    @Test
    void commentWithABackslash_isNotContinued() throws IOException {
        assertThat(read("# C:\\", "ttl = 1s").find("ttl").value()).isEqualTo("1s");
    }

    @Test
    void continuationAtTheEndOfTheFile_isIgnored() throws IOException {
        assertThat(value("name = a\\")).isEqualTo("a");
    }

    @Test
    void byteOrderMarkAndWindowsLineEnds_areIgnored() throws IOException {
        assertThat(value("\uFEFFname = a\r", "ttl = 1s\r")).isEqualTo("a");
    }

    @Test
    void allErrors_areReportedWithTheirLines() throws IOException {
        assertThat(errors("nmae = a", "ttl = 1s", "ttl = 2s", "name = \\u12", "xyzzy-plugh = 1"))
                .containsExactly(
                        "f:1: nmae: no such setting (expected: name)",
                        "f:3: ttl: given before, f:2 (expected: once)",
                        "f:4: malformed escape (expected: a backslash, u and four hex digits)",
                        "f:5: xyzzy-plugh: no such setting (expected: one of those that --help and --print-config list)");
    }

    @Test
    void unreadableFile_isAnErrorWithItsPath() {
        Path missing = directory.resolve("missing");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SettingsFile.read(missing, KNOWN))
                .withMessageStartingWith("config: cannot read " + missing + ", ")
                .withMessageEndingWith("(expected: a readable file of properties, UTF-8)");
    }
}
