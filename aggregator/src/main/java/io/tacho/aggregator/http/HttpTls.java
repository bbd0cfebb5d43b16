// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.tacho.text.TextFiles;
import io.tacho.tls.KeyPairCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;

/**
 * The certificate and key of HTTPS, as PEM files. They are read when the settings are created, so that an invalid file is an
 * error at startup, and again when they have changed.
 *
 * @param certificate the certificate of the server, followed by its chain if there is one
 * @param key its private key in PKCS#8, not encrypted
 */
public record HttpTls(Path certificate, Path key) {

    /** @throws IllegalArgumentException with the setting, the found and the expected value */
    public HttpTls {
        require("tls-cert", certificate, "-----BEGIN CERTIFICATE-----");
        require("tls-key", key, "-----BEGIN PRIVATE KEY-----");
        try {
            context(certificate, key);
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "tls-cert, tls-key: " + certificate + " and " + key
                            + " are invalid (expected: an X.509 certificate and its private key in PKCS#8, PEM)",
                    e);
        }
    }

    private static void require(String setting, Path file, String header) {
        String pem;
        try {
            pem = Files.readString(file, ISO_8859_1);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    setting + ": cannot read " + file + ", " + TextFiles.cause(e) + " (expected: a readable file)", e);
        }
        if (!pem.contains(header)) {
            throw new IllegalArgumentException(setting + ": " + file + " (expected: PEM with " + header + ")");
        }
    }

    SslContext context() throws SSLException {
        return context(certificate, key);
    }

    private static SslContext context(Path certificate, Path key) throws SSLException {
        requireMatch(certificate, key);
        return SslContextBuilder.forServer(certificate.toFile(), key.toFile())
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2,
                        ApplicationProtocolNames.HTTP_1_1))
                .build();
    }

    private static void requireMatch(Path certificate, Path key) throws SSLException {
        try {
            if (KeyPairCheck.matches(certificate, key)) {
                return;
            }
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new SSLException("not a certificate and its key", e);
        }
        throw new SSLException("the key is that of another certificate");
    }

    /** Returns the time of the last change of one of the files. */
    FileTime changed() throws IOException {
        FileTime first = Files.getLastModifiedTime(certificate);
        FileTime second = Files.getLastModifiedTime(key);
        return first.compareTo(second) > 0 ? first : second;
    }
}
