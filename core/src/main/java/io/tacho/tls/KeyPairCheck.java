// SPDX-License-Identifier: Apache-2.0
package io.tacho.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks that a private key is that of a certificate: TLS does not, and every handshake with another one fails. */
public final class KeyPairCheck {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private KeyPairCheck() {}

    /**
     * Returns whether the key is that of the first certificate; true for kinds of keys that are not known here.
     *
     * @param certificate PEM
     * @param key PEM, PKCS#8, not encrypted
     * @throws IOException if a file is not readable
     * @throws GeneralSecurityException if a file is invalid, or the key is of another kind than the certificate's
     */
    public static boolean matches(Path certificate, Path key) throws IOException, GeneralSecurityException {
        PublicKey publicKey = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(certificate)))
                .getPublicKey();
        String algorithm = SIGNATURES.get(publicKey.getAlgorithm());
        Matcher pem = KEY.matcher(Files.readString(key, ISO_8859_1));
        if (algorithm == null || !pem.find()) {
            return true;
        }
        PrivateKey privateKey = KeyFactory.getInstance(publicKey.getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1))));
        byte[] data = {1, 2, 3};
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(privateKey);
        signer.update(data);
        byte[] signature = signer.sign();
        signer.initVerify(publicKey);
        signer.update(data);
        return signer.verify(signature);
    }
}
