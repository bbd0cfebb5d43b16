// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFilesTest {

    @TempDir
    private Path directory;

    @Test
    void read_byteOrderMarksOfConcatenatedFiles_areRemoved() throws IOException {
        Path file = Files.writeString(directory.resolve("keys"), "\uFEFFa\r\nb\n\uFEFFc \uFEFF d");

        assertThat(TextFiles.read(file)).isEqualTo("a\r\nb\nc \uFEFF d");
    }

    @Test
    void lineBreaks_areRemovedAtEndOnly() {
        assertThat(TextFiles.withoutLineEnd("a\nb \r\n\n")).isEqualTo("a\nb ");
        assertThat(TextFiles.withoutLineEnd("a")).isEqualTo("a");
    }

    private String causeOf(Path file) {
        IOException failure = catchThrowableOfType(IOException.class, () -> TextFiles.read(file));
        return TextFiles.cause(failure);
    }

    @Test
    void unreadableFile_causeIsDescribed() throws IOException {
        assertThat(causeOf(directory.resolve("absent"))).isEqualTo("no such file");
        assertThat(causeOf(directory)).isEqualTo("Is a directory");
        assertThat(causeOf(Files.write(directory.resolve("latin1"), new byte[] {'a', (byte) 0xe4, 'b'})))
                .isEqualTo("not UTF-8");
        assertThat(causeOf(Files.write(directory.resolve("large"), new byte[2_000_000])))
                .isEqualTo("more than 1 MiB");
    }
}
