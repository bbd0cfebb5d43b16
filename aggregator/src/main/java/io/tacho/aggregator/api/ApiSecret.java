// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The secret that callers prove to know, by a signature or by itself; compared in constant time, never shown. */
public final class ApiSecret {

    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] secret;

    /** Creates a secret of any characters, not empty. */
    public ApiSecret(String secret) {
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("api-secret: empty (expected: at least one character)");
        }
        this.secret = secret.getBytes(UTF_8);
    }

    /** Returns whether the text is the lower-case hex of the data's HMAC-SHA256. */
    public boolean hasSigned(byte[] data, String signature) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            String expected = HexFormat.of().formatHex(mac.doFinal(data));
            return MessageDigest.isEqual(expected.getBytes(UTF_8), signature.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has " + ALGORITHM, e);
        }
    }

    /** Returns whether the text is the secret. */
    public boolean is(@Nullable String text) {
        return text != null && MessageDigest.isEqual(secret, text.getBytes(UTF_8));
    }

    /** Returns whether the other is the same secret. */
    public boolean isSameAs(@Nullable ApiSecret other) {
        return other != null && MessageDigest.isEqual(secret, other.secret);
    }

    /** {@return a text without the secret} */
    @Override
    public String toString() {
        return "ApiSecret[***]";
    }
}
