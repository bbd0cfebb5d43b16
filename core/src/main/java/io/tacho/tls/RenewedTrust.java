// SPDX-License-Identifier: Apache-2.0
package io.tacho.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts the certificates of a file. When a peer is not trusted the file is read again, because CAs are replaced while
 * programs run. If it is not valid at that time, the last certificates remain.
 *
 * <p>Thread safety: safe.
 */
final class RenewedTrust extends X509ExtendedTrustManager {

    /** Checks a chain of certificates. */
    private interface Check {
        void by(X509ExtendedTrustManager trust) throws CertificateException;
    }

    private final Supplier<X509ExtendedTrustManager> file;
    private volatile X509ExtendedTrustManager current;

    /**
     * Creates a trust manager.
     *
     * @param file reads the certificates
     * @throws IllegalArgumentException if the file is invalid
     */
    RenewedTrust(Supplier<X509ExtendedTrustManager> file) {
        this.file = file;
        current = file.get();
    }

    private void check(Check check) throws CertificateException {
        try {
            check.by(current);
        } catch (CertificateException untrusted) {
            X509ExtendedTrustManager renewed;
            try {
                renewed = file.get();
            } catch (IllegalArgumentException invalid) {
                untrusted.addSuppressed(invalid);
                throw untrusted;
            }
            current = renewed;
            check.by(renewed);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(trust -> trust.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(trust -> trust.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(trust -> trust.checkServerTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(trust -> trust.checkClientTrusted(chain, type, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(trust -> trust.checkClientTrusted(chain, type, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(trust -> trust.checkClientTrusted(chain, type));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return current.getAcceptedIssuers();
    }
}
