// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslContext;
import io.tacho.testing.CapturedLog;
import io.tacho.testing.TlsMaterial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsContextsIT {

    private long nanos;

    @Test
    void mismatchedKey_isRejected_andThePreviousPairIsRetained(@TempDir Path directory) throws Exception {
        TlsMaterial tls = new TlsMaterial(directory);
        Path key = Files.copy(tls.clientKey(), directory.resolve("used.key"));
        HttpTls settings = new HttpTls(tls.clientCertificate(), key);
        TlsContexts contexts = new TlsContexts(settings, () -> nanos);
        SslContext first = contexts.current();

        Files.copy(directory.resolve("server.key"), key, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(key, FileTime.fromMillis(System.currentTimeMillis() + 10_000));
        nanos += Duration.ofSeconds(2).toNanos();

        try (CapturedLog log = CapturedLog.of(TlsContexts.class)) {
            assertThat(contexts.current()).isSameAs(first);
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("keeping the last certificate: ")
                    .contains("the key is that of another certificate");
        }
        assertThatThrownBy(() -> new HttpTls(tls.clientCertificate(), key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "are invalid (expected: an X.509 certificate and its private key in PKCS#8, PEM)");
    }
}
