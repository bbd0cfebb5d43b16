// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.tacho.testing.FreePorts;
import io.tacho.testing.TlsMaterial;
import io.tacho.tls.TrustStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsClientIT {

    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String METRICS = "centrifugo_node_num_clients 7\n";

    @TempDir
    private Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;

    @AfterEach
    void stop() {
        over.countDown();
        if (server != null) {
            server.stop(0);
        }
        threads.shutdownNow();
    }

    private URI serve(HttpHandler handler) throws IOException {
        return serve(HttpServer.create(ANY, 0), "http", handler);
    }

    private URI serve(HttpServer created, String scheme, HttpHandler handler) {
        server = created;
        server.setExecutor(threads);
        server.createContext("/metrics", handler);
        server.start();
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort() + "/metrics");
    }

    private static void respond(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static ScrapeSettings settings(URI url) {
        return settings(url, null, null, null, null);
    }

    private static ScrapeSettings settings(URI url, String user, String password, String token, SSLContext trust) {
        return new ScrapeSettings(
                url,
                user,
                password == null ? null : () -> password,
                token == null ? null : () -> token,
                trust,
                Duration.ofSeconds(8),
                Duration.ofSeconds(15));
    }

    /** Returns settings with a short timeout, for servers that do not respond. */
    private static ScrapeSettings settingsWithShortTimeout(URI url) {
        return new ScrapeSettings(url, null, null, null, null, Duration.ofMillis(700), Duration.ofSeconds(15));
    }

    private static String fetch(ScrapeSettings settings) throws Exception {
        return fetch(new MetricsClient(settings));
    }

    private static String fetch(MetricsClient client) throws Exception {
        return client.fetch(Exposition.Format.TEXT, Duration.ofSeconds(8))
                .get(10, TimeUnit.SECONDS)
                .text();
    }

    private static String failure(ScrapeSettings settings) throws Exception {
        try {
            return "no failure: " + fetch(settings).length() + " characters";
        } catch (ExecutionException e) {
            return Failures.describe(new CompletionException(e.getCause()), settings);
        }
    }

    private static byte[] gzipped(byte[] text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(text);
        }
        return bytes.toByteArray();
    }

    @Test
    void fetch_plain() throws Exception {
        URI url = serve(exchange -> respond(exchange, 200, METRICS.getBytes(UTF_8)));

        assertThat(fetch(settings(url))).isEqualTo(METRICS);
    }

    @Test
    void fetch_gzip() throws Exception {
        AtomicReference<String> accepted = new AtomicReference<>();
        URI url = serve(exchange -> {
            accepted.set(exchange.getRequestHeaders().getFirst("Accept-Encoding"));
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            respond(exchange, 200, gzipped(METRICS.getBytes(UTF_8)));
        });

        assertThat(fetch(settings(url))).isEqualTo(METRICS);
        assertThat(accepted).hasValue("gzip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GZIP", "Gzip", "x-gzip"})
    void fetch_gzipEncodingInOtherSpelling(String encoding) throws Exception {
        URI url = serve(exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", encoding);
            respond(exchange, 200, gzipped(METRICS.getBytes(UTF_8)));
        });

        assertThat(fetch(settings(url))).isEqualTo(METRICS);
    }

    @Test
    void fetch_gzipBomb_isAbortedAtLimit() throws Exception {
        byte[] bomb = gzipped(new byte[MetricsClient.MAX_BYTES * 4]);
        URI url = serve(exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            respond(exchange, 200, bomb);
        });

        assertThat(failure(settings(url))).startsWith("response of more than 4194304 bytes (expected: less)");
    }

    @Test
    void fetch_invalidGzip_fails() throws Exception {
        URI url = serve(exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            respond(exchange, 200, METRICS.getBytes(UTF_8));
        });

        assertThat(failure(settings(url))).isEqualTo("malformed gzip");
    }

    @Test
    void fetch_endlessResponse_isAbortedAtLimit() throws Exception {
        URI url = serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] chunk = new byte[1024 * 1024];
            try (OutputStream body = exchange.getResponseBody()) {
                while (over.getCount() > 0) {
                    body.write(chunk);
                }
            }
        });

        assertThat(failure(settings(url))).startsWith("response of more than 4194304 bytes (expected: less)");
    }

    @Test
    void fetch_responseNeverEnds_timesOut() throws Exception {
        URI url = serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(METRICS.getBytes(UTF_8));
            exchange.getResponseBody().flush();
            await();
        });

        assertThat(failure(settingsWithShortTimeout(url))).isEqualTo("no complete response within 700ms");
    }

    @Test
    void fetch_responseNeverStarts_timesOut() throws Exception {
        URI url = serve(exchange -> await());

        assertThat(failure(settingsWithShortTimeout(url))).isEqualTo("no complete response within 700ms");
    }

    private void await() {
        try {
            over.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void fetch_noListener_fails() throws Exception {
        URI url = URI.create("http://127.0.0.1:" + FreePorts.any() + "/metrics");

        assertThat(failure(settings(url))).isEqualTo("cannot connect");
    }

    @Test
    void fetch_errorStatus_fails() throws Exception {
        URI url = serve(exchange -> respond(exchange, 503, new byte[0]));

        assertThat(failure(settings(url))).isEqualTo("HTTP status 503 (expected: 200)");
    }

    @Test
    void fetch_redirect_isNotFollowed() throws Exception {
        URI url = serve(exchange -> {
            exchange.getResponseHeaders().set("Location", "/metrics2");
            respond(exchange, 302, new byte[0]);
        });

        assertThat(failure(settings(url))).isEqualTo("HTTP status 302 (expected: 200)");
    }

    @Test
    void fetch_sendsCredentials() throws Exception {
        AtomicReference<String> given = new AtomicReference<>();
        URI url = serve(exchange -> {
            given.set(exchange.getRequestHeaders().getFirst("Authorization"));
            respond(exchange, 200, METRICS.getBytes(UTF_8));
        });

        fetch(settings(url, "ann", "pass:wörd", null, null));
        assertThat(given).hasValue("Basic YW5uOnBhc3M6d8O2cmQ=");
        fetch(settings(url, null, null, "t0ken", null));
        assertThat(given).hasValue("Bearer t0ken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"token", "password"})
    void fetch_replacedSecret_isSentWithTheNextRequest(String kind) throws Exception {
        AtomicReference<String> secret = new AtomicReference<>("A");
        boolean isToken = kind.equals("token");
        String expected = isToken ? "Bearer B" : "Basic YW5uOkI=";
        URI url = serve(exchange -> {
            boolean isValid = expected.equals(exchange.getRequestHeaders().getFirst("Authorization"));
            respond(exchange, isValid ? 200 : 401, isValid ? METRICS.getBytes(UTF_8) : new byte[0]);
        });
        MetricsClient client = new MetricsClient(new ScrapeSettings(
                url,
                isToken ? null : "ann",
                isToken ? null : secret::get,
                isToken ? secret::get : null,
                null,
                Duration.ofSeconds(8),
                Duration.ofSeconds(15)));
        assertThatThrownBy(() -> fetch(client)).hasMessageContaining("HTTP status 401");

        secret.set("B");

        assertThat(fetch(client)).isEqualTo(METRICS);
    }

    @Test
    void fetch_secretIsReadByAnotherThread() throws Exception {
        URI url = serve(exchange -> respond(exchange, 200, METRICS.getBytes(UTF_8)));
        AtomicReference<Thread> reader = new AtomicReference<>();
        ScrapeSettings settings = new ScrapeSettings(
                url,
                null,
                null,
                () -> {
                    reader.set(Thread.currentThread());
                    return "t";
                },
                null,
                Duration.ofSeconds(8),
                Duration.ofSeconds(15));

        fetch(settings);

        assertThat(reader.get()).isNotNull().isNotEqualTo(Thread.currentThread());
    }

    @Test
    void fetch_invalidToken_isNotShown() throws Exception {
        URI url = serve(exchange -> respond(exchange, 200, METRICS.getBytes(UTF_8)));

        assertThat(failure(settings(url, null, null, "s3\ncret", null)))
                .isEqualTo("source-token: invalid in a header (expected: one line of visible text)");
    }

    @Test
    void fetch_replacedCertificateAuthority_isTrusted() throws Exception {
        TlsMaterial material = new TlsMaterial(directory);
        HttpsServer https = HttpsServer.create(ANY, 0);
        https.setHttpsConfigurator(new HttpsConfigurator(serverContext()));
        URI url = serve(https, "https", exchange -> respond(exchange, 200, METRICS.getBytes(UTF_8)));
        Path ca = Files.copy(material.clientCertificate(), directory.resolve("replaced.pem"));
        MetricsClient client = new MetricsClient(settings(url, null, null, null, TrustStore.context("source-ca", ca)));
        assertThatThrownBy(() -> fetch(client)).hasStackTraceContaining("PKIX path building failed");
        Files.writeString(ca, "not yet written");
        assertThatThrownBy(() -> fetch(client)).hasStackTraceContaining("PKIX path building failed");

        Files.copy(material.ca(), ca, StandardCopyOption.REPLACE_EXISTING);

        assertThat(fetch(client)).isEqualTo(METRICS);
    }

    @Test
    void fetch_tlsWithCustomCertificateAuthority() throws Exception {
        TlsMaterial material = new TlsMaterial(directory);
        HttpsServer https = HttpsServer.create(ANY, 0);
        https.setHttpsConfigurator(new HttpsConfigurator(serverContext()));
        URI url = serve(https, "https", exchange -> respond(exchange, 200, METRICS.getBytes(UTF_8)));

        assertThat(fetch(settings(url, null, null, null, TrustStore.context("source-ca", material.ca()))))
                .isEqualTo(METRICS);
        assertThat(failure(settings(url))).as("not in Java's trust store").startsWith("TLS: certificate not trusted: ");
    }

    private SSLContext serverContext() throws Exception {
        char[] password = "changeit".toCharArray();
        KeyStore all = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve("keys.p12"))) {
            all.load(in, password);
        }
        KeyStore server = KeyStore.getInstance("PKCS12");
        server.load(null, null);
        server.setKeyEntry("server", all.getKey("server", password), password, all.getCertificateChain("server"));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(server, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
