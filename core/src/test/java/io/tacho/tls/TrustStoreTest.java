// SPDX-License-Identifier: Apache-2.0
package io.tacho.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests reading of trust stores. Connections are covered by the tests of Redis, Centrifugo and the API. */
class TrustStoreTest {

    @TempDir
    private Path directory;

    @Test
    void missingFile_isRejected() {
        Path missing = directory.resolve("missing");

        assertThatThrownBy(() -> TrustStore.context("some-ca", missing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("some-ca: cannot read " + missing + ", no such file (expected: a readable file)");
    }

    @Test
    void fileWithoutCertificates_isRejected() throws Exception {
        Path empty = Files.createFile(directory.resolve("empty"));
        Path garbage = Files.writeString(directory.resolve("garbage"), "-----BEGIN CERTIFICATE-----\nnone\n");

        for (Path file : new Path[] {empty, garbage}) {
            assertThatThrownBy(() -> TrustStore.certificates("some-ca", file))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("some-ca: " + file + " holds no certificate (expected: X.509 in PEM)");
        }
    }

    @Test
    void read_returnsFileContent() throws Exception {
        assertThat(TrustStore.read("some-key", Files.writeString(directory.resolve("key"), "text")))
                .asString()
                .isEqualTo("text");
    }
}
