// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacho.testing.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated
class RenewedSecretTest {

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(directory.resolve("token"), "s3cret-A\n");
    }

    private Supplier<String> secret() {
        return RenewedSecret.of(null, "source-token", new SecretFile(file));
    }

    @Test
    void replacedFile_isReadAgain() throws IOException {
        Supplier<String> secret = secret();
        assertThat(secret.get()).isEqualTo("s3cret-A");

        Files.writeString(file, "s3cret-B\n");

        assertThat(secret.get()).isEqualTo("s3cret-B");
    }

    @Test
    void unreadableFile_lastValueRemains_isLoggedOnceWithoutIt() throws IOException {
        Supplier<String> secret = secret();
        try (CapturedLog log = CapturedLog.of(RenewedSecret.class)) {
            Files.delete(file);
            assertThat(secret.get()).isEqualTo("s3cret-A");
            assertThat(secret.get()).isEqualTo("s3cret-A");
            Files.writeString(file, "s3cret-B\n");
            assertThat(secret.get()).isEqualTo("s3cret-B");
            Files.writeString(file, "\n");
            assertThat(secret.get()).as("while it is written").isEqualTo("s3cret-B");

            assertThat(log.lines())
                    .containsExactly(
                            "WARN keeping the last secret: source-token-file: cannot read " + file
                                    + ", no such file (expected: a readable text file)",
                            "INFO source-token-file: " + file + " is read again");
        }
        assertThat(secret).asString().doesNotContain("s3cret");
    }

    @Test
    void notGiven_isNull() {
        assertThat(RenewedSecret.of(null, "source-token", null)).isNull();
    }

    @Test
    void missingFile_atTheStart_isRejected() throws IOException {
        Files.delete(file);

        assertThatIllegalArgumentException()
                .isThrownBy(this::secret)
                .withMessageStartingWith("source-token-file: cannot read " + file);
    }
}
