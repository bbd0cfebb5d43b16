// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority with a server and a client certificate, created by the JDK's keytool; all files are PEM. */
public final class TlsMaterial {

    private static final String PASSWORD = "changeit";

    private final Path directory;
    private final Path store;

    /**
     * Creates an authority and the certificates that it signs.
     *
     * @param directory the directory of the files; the caller deletes it
     */
    public TlsMaterial(Path directory) throws IOException, InterruptedException, GeneralSecurityException {
        this.directory = directory;
        store = directory.resolve("keys.p12");
        key("ca", "-ext", "bc:c");
        write("ca.pem", "CERTIFICATE", keys().getCertificate("ca").getEncoded());
        key("server", "-signer", "ca", "-ext", "san=ip:127.0.0.1,dns:localhost");
        key("client", "-signer", "ca");
        key("elsewhere", "-signer", "ca", "-ext", "san=dns:elsewhere.test");
        for (String name : List.of("server", "client", "elsewhere")) {
            Certificate[] chain = keys().getCertificateChain(name);
            write(name + ".pem", "CERTIFICATE", chain[0].getEncoded());
            write(
                    name + ".key",
                    "PRIVATE KEY",
                    keys().getKey(name, PASSWORD.toCharArray()).getEncoded());
        }
    }

    public Path ca() {
        return directory.resolve("ca.pem");
    }

    public Path clientCertificate() {
        return directory.resolve("client.pem");
    }

    public Path clientKey() {
        return directory.resolve("client.key");
    }

    /** Returns a context of clients that trust this authority and no other. */
    public SSLContext trusting() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", keys().getCertificate("ca"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** Returns options of a redis-server that has the server certificate and requires a client certificate. */
    public String[] serverOptions(int tlsPort) {
        return options("server", tlsPort);
    }

    /** As above, with a certificate of another host. */
    public String[] optionsOfAnotherHost(int tlsPort) {
        return options("elsewhere", tlsPort);
    }

    private String[] options(String name, int tlsPort) {
        return new String[] {
            "--tls-port", Integer.toString(tlsPort),
            "--tls-ca-cert-file", ca().toString(),
            "--tls-cert-file", directory.resolve(name + ".pem").toString(),
            "--tls-key-file", directory.resolve(name + ".key").toString(),
            "--tls-auth-clients", "yes",
            "--tls-replication", "yes"
        };
    }

    private KeyStore keys() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private void key(String name, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        command.addAll(Arrays.asList(options));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        keytool.getOutputStream().close();
        String output = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + output);
        }
    }

    private void write(String file, String what, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(
                directory.resolve(file), "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n");
    }
}
