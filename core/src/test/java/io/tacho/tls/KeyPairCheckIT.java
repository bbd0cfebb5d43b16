// SPDX-License-Identifier: Apache-2.0
package io.tacho.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.testing.TlsMaterial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyPairCheckIT {

    @Test
    void keyOfCertificate_matches_otherKeyDoesNot(@TempDir Path directory) throws Exception {
        TlsMaterial tls = new TlsMaterial(directory);
        Path rsa = directory.resolve("rsa.key");
        byte[] encoded = KeyPairGenerator.getInstance("RSA")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        Files.writeString(
                rsa,
                "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(encoded)
                        + "\n-----END PRIVATE KEY-----\n");

        assertThat(KeyPairCheck.matches(tls.clientCertificate(), tls.clientKey()))
                .isTrue();
        assertThat(KeyPairCheck.matches(tls.ca(), tls.clientKey())).isFalse();
        assertThatThrownBy(() -> KeyPairCheck.matches(tls.ca(), rsa)).isInstanceOf(GeneralSecurityException.class);
    }
}
