// SPDX-License-Identifier: Apache-2.0
package io.tacho.tls;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;

/** Describes failures of TLS by the types of their causes, because the JDK's texts differ between its versions. */
public final class TlsFailures {

    private TlsFailures() {}

    /** {@return what is wrong, in words that do not depend on the JDK, followed by the JDK's message} */
    public static String describe(SSLException failure) {
        return "TLS: " + reason(failure) + ": " + failure.getMessage();
    }

    private static String reason(Throwable failure) {
        String reason = "handshake failed";
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
                return "certificate expired or not valid yet";
            }
            if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
                reason = "certificate not trusted";
            } else if (cause instanceof CertificateException) {
                // a check of the host name throws this type itself, a check of the path one of its subtypes
                reason = cause.getClass() == CertificateException.class
                        ? "certificate of another host"
                        : "certificate not trusted";
            }
        }
        return reason;
    }
}
