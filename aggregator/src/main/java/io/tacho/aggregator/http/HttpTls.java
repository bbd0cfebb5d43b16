// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import javax.net.ssl.SSLException;

/**
 * Who we are under HTTPS; both files are PEM. They are read when the settings are made, so that a wrong one shows at the
 * start, and again when they have changed.
 *
 * @param certificate our certificate, with the chain behind it if there is one
 * @param key its private key in PKCS#8, not encrypted
 */
public record HttpTls(Path certificate, Path key) {

    /** @throws IllegalArgumentException naming the setting, what was found and what was expected */
    public HttpTls {
        require("tls-cert", certificate, "-----BEGIN CERTIFICATE-----");
        require("tls-key", key, "-----BEGIN PRIVATE KEY-----");
        try {
            context(certificate, key);
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "tls-cert, tls-key: " + certificate + " and " + key
                            + " cannot be used (expected: an X.509 certificate and its private key in PKCS#8, PEM)",
                    e);
        }
    }

    private static void require(String setting, Path file, String header) {
        String pem;
        try {
            pem = Files.readString(file, ISO_8859_1);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    setting + ": cannot read " + file + ", " + e.getClass().getSimpleName()
                            + " (expected: a readable file)",
                    e);
        }
        if (!pem.contains(header)) {
            throw new IllegalArgumentException(setting + ": " + file + " (expected: PEM with " + header + ")");
        }
    }

    SslContext context() throws SSLException {
        return context(certificate, key);
    }

    private static SslContext context(Path certificate, Path key) throws SSLException {
        return SslContextBuilder.forServer(certificate.toFile(), key.toFile())
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .build();
    }

    /** When one of the files was last changed. */
    FileTime changed() throws IOException {
        FileTime first = Files.getLastModifiedTime(certificate);
        FileTime second = Files.getLastModifiedTime(key);
        return first.compareTo(second) > 0 ? first : second;
    }
}
