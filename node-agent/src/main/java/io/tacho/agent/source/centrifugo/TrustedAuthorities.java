// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Authorities of one's own, in the place of Java's. */
public final class TrustedAuthorities {

    private TrustedAuthorities() {}

    /**
     * Reads PEM certificates.
     *
     * @throws IllegalArgumentException if there are none in the file
     */
    public static SSLContext read(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException("source-ca: no certificates in " + file + " (expected: PEM)");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "source-ca: cannot read " + file + ", " + e.getClass().getSimpleName()
                            + " (expected: certificates, PEM)",
                    e);
        }
    }
}
