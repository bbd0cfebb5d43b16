// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.SslOptions;
import io.tacho.tls.TrustStore;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The trusted certificates and the client certificate for TLS; all files are PEM. They are checked when the settings are created, so
 * that an invalid one is reported at the start, and read again for every connection, so that renewed ones are used.
 *
 * @param ca certificates of the trust store; null for Java's trust store
 * @param certificate the client certificate, with its chain if there is one; null for none
 * @param key the certificate's private key in PKCS#8, not encrypted; null for none
 */
public record RedisTls(
        @Nullable Path ca,
        @Nullable Path certificate,
        @Nullable Path key) {

    /** The default trust store of Java, no client certificate. */
    public static final RedisTls DEFAULT = new RedisTls(null, null, null);

    private static final String KEY_HEADER = "-----BEGIN PRIVATE KEY-----";

    /** @throws IllegalArgumentException naming the setting, what was found and what was expected */
    public RedisTls {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException(
                    certificate == null
                            ? "redis-key: given without redis-cert (expected: both or none)"
                            : "redis-cert: given without redis-key (expected: both or none)");
        }
        if (ca != null) {
            TrustStore.certificates("redis-ca", ca);
        }
        if (certificate != null) {
            TrustStore.certificates("redis-cert", certificate);
        }
        if (key != null) {
            String pem = new String(TrustStore.read("redis-key", key), US_ASCII);
            if (!pem.contains(KEY_HEADER)) {
                throw new IllegalArgumentException("redis-key: " + key
                        + " holds no private key in PKCS#8 (expected: PEM with " + KEY_HEADER + ", not encrypted)");
            }
        }
    }

    /** {@return whether nothing is set} */
    boolean isDefault() {
        // not by equals: that of a record is generated at run time, which a start would wait for
        return ca == null && certificate == null && key == null;
    }

    SslOptions options() {
        SslOptions.Builder options = SslOptions.builder().jdkSslProvider();
        if (ca != null) {
            options.trustManager(ca.toFile());
        }
        if (certificate != null && key != null) {
            options.keyManager(certificate.toFile(), key.toFile(), new char[0]);
        }
        return options.build();
    }
}
