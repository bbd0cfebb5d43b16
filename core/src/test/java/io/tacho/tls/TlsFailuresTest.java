// SPDX-License-Identifier: Apache-2.0
package io.tacho.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateParsingException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TlsFailuresTest {

    private static Stream<Arguments> causes() {
        return Stream.of(
                Arguments.of("handshake failed", null),
                Arguments.of("certificate not trusted", new CertPathBuilderException("no path")),
                Arguments.of("certificate not trusted", new CertificateParsingException("no anchor")),
                Arguments.of(
                        "certificate expired or not valid yet",
                        new CertificateParsingException(
                                new CertPathValidatorException(new CertificateExpiredException("yesterday")))),
                Arguments.of("certificate of another host", new CertificateException("no name")));
    }

    @ParameterizedTest
    @MethodSource("causes")
    void failure_isDescribedByCauseTypes(String reason, Throwable cause) {
        SSLHandshakeException failure = new SSLHandshakeException("(certificate_unknown) words of the JDK");
        failure.initCause(cause);

        assertThat(TlsFailures.describe(failure))
                .isEqualTo("TLS: " + reason + ": (certificate_unknown) words of the JDK");
    }
}
