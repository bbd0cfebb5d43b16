// SPDX-License-Identifier: Apache-2.0
package io.tacho.tls;

import io.tacho.text.TextFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Reads X.509 certificates in PEM, and makes the TLS context that trusts them. */
public final class TrustStore {

    private TrustStore() {}

    /**
     * Returns a context for TLS clients that trusts the certificates of the file, in place of those that Java trusts. The file is
     * read again when a server is not trusted.
     *
     * @param setting the name of the setting that has the path, for the message
     * @throws IllegalArgumentException naming the setting, what was found and what was expected
     */
    public static SSLContext context(String setting, Path file) {
        RenewedTrust trust = new RenewedTrust(() -> trust(setting, file));
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw unusable(setting, file, e);
        }
    }

    private static X509ExtendedTrustManager trust(String setting, Path file) {
        List<Certificate> certificates = certificates(setting, file);
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return (X509ExtendedTrustManager) trust.getTrustManagers()[0];
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(setting, file, e);
        }
    }

    private static IllegalArgumentException unusable(String setting, Path file, Exception cause) {
        return new IllegalArgumentException(
                setting + ": " + file + ", " + cause.getMessage() + " (expected: X.509 certificates that Java can use)",
                cause);
    }

    /**
     * Returns the certificates of the file, at least one.
     *
     * @param setting the name of the setting that has the path, for the message
     * @throws IllegalArgumentException naming the setting, what was found and what was expected
     */
    public static List<Certificate> certificates(String setting, Path file) {
        byte[] pem = read(setting, file);
        try {
            List<Certificate> certificates = List.copyOf(
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)));
            if (!certificates.isEmpty()) {
                return certificates;
            }
        } catch (CertificateException e) {
            throw noCertificate(setting, file, e);
        }
        throw noCertificate(setting, file, null);
    }

    private static IllegalArgumentException noCertificate(
            String setting, Path file, @Nullable CertificateException cause) {
        return new IllegalArgumentException(
                setting + ": " + file + " holds no certificate (expected: X.509 in PEM)", cause);
    }

    /**
     * Returns the bytes of the file.
     *
     * @param setting the name of the setting that has the path, for the message
     * @throws IllegalArgumentException naming the setting, what was found and what was expected
     */
    public static byte[] read(String setting, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    setting + ": cannot read " + file + ", " + TextFiles.cause(e) + " (expected: a readable file)", e);
        }
    }
}
