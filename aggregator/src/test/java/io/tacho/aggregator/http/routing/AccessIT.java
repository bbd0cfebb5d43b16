// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.routing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.aggregator.api.ApiKeys;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.http.HttpSettings;
import io.tacho.aggregator.http.HttpTls;
import io.tacho.aggregator.http.TestServer;
import io.tacho.aggregator.http.Timeouts;
import io.tacho.testing.Snapshots;
import io.tacho.testing.TlsMaterial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests access control, CORS and HTTPS. */
class AccessIT {

    /** Enough for a response of more than one buffer. */
    private static final int NODES = 500;

    private static TestServer server(ApiSecret secret, List<String> readKeys, List<String> origins, HttpTls tls)
            throws IOException {
        HttpSettings settings = new HttpSettings(
                TestServer.ANY_PORT,
                50,
                new ApiKeys(secret, readKeys.stream().map(ApiSecret::new).toList()),
                origins,
                List.of("tacho.example"),
                TrustedProxies.of(List.of("127.0.0.0/8", "10.0.0.0/8")),
                tls);
        return new TestServer(1, settings, Timeouts.DEFAULT);
    }

    private static String v1(TestServer server) throws IOException {
        return server.exchange(
                "POST /api/ HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 18\r\n\r\n{\"method\":\"stats\"}");
    }

    @Test
    void readKeys_mayRead() throws IOException {
        try (TestServer server = server(new ApiSecret("admin"), List.of("one", "two"), List.of(), null)) {
            for (String key : List.of("admin", "one", "two")) {
                assertThat(server.get("/stats", "X-API-Key: " + key)).startsWith("HTTP/1.1 200");
                assertThat(server.get("/nodes", "Authorization: Bearer " + key)).startsWith("HTTP/1.1 200");
            }
            for (String path : List.of("/stats", "/nodes", "/nodes/u0", "/cluster")) {
                assertThat(server.get(path)).startsWith("HTTP/1.1 401").contains("WWW-Authenticate: apikey");
            }
            assertThat(server.get("/-/ready")).startsWith("HTTP/1.1 503");
        }
    }

    /** A pick makes a reservation, so HEAD is not allowed. */
    @Test
    void pick_headRequest_isRejected() throws IOException {
        try (TestServer server = server(null, List.of(), List.of(), null)) {
            assertThat(server.exchange("HEAD /pick HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 405")
                    .containsIgnoringCase("Allow: GET");
        }
    }

    @Test
    void key_nonAscii_isUtf8() throws IOException {
        try (TestServer server = server(null, List.of("kéy"), List.of(), null)) {
            String sent = new String("kéy".getBytes(UTF_8), ISO_8859_1);
            assertThat(server.get("/stats", "X-API-Key: " + sent)).startsWith("HTTP/1.1 200");
            assertThat(server.get("/stats", "Authorization: Bearer " + sent)).startsWith("HTTP/1.1 200");
            assertThat(server.get("/stats", "X-API-Key: key")).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void readKeysOnly_v1IsRejected() throws IOException {
        try (TestServer server = server(null, List.of("one"), List.of(), null)) {
            assertThat(v1(server)).startsWith("HTTP/1.1 400 Bad Request");
            assertThat(server.get("/stats", "X-API-Key: one")).startsWith("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /stats HTTP/1.1\r\nHost: t\r\nX-API-Key: guess\r\n\r\n",
                "POST /api/info HTTP/1.1\r\nHost: t\r\nAuthorization: apikey guess\r\nContent-Length: 2\r\n\r\n{}",
                "POST /api?api_key=guess HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\n{}"
            })
    void wrongKeys_areRateLimited(String guess) throws IOException {
        try (TestServer server = server(new ApiSecret("admin"), List.of(), List.of(), null)) {
            String wrong = guess.repeat(400);
            String responses =
                    server.exchange(wrong + "GET /-/healthy HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");

            assertThat(responses.split("HTTP/1.1 401", -1).length - 1).isBetween(100, 350);
            assertThat(responses).contains("HTTP/1.1 429 Too Many Requests").contains("HTTP/1.1 200");
            await().untilAsserted(() ->
                    assertThat(server.get("/stats", "X-API-Key: admin")).startsWith("HTTP/1.1 200"));
        }
    }

    private static String get(TestServer server, String path, String host) throws IOException {
        return server.exchange("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/stats", "/nodes", "/events", "/", "/api/", "/api", "/-/ready", "/metrics", "/unknown"})
    void host_unknownNameWithoutKeys_returnsMisdirectedRequest(String path) throws IOException {
        try (TestServer server = server(null, List.of(), List.of(), null)) {
            String message =
                    "Host: evil.example:7022 (expected: localhost, an IP address, or a name given as allowed-host)";
            String response = get(server, path, "evil.example:7022");

            assertThat(response).startsWith("HTTP/1.1 421 Misdirected Request\r\n");
            assertThat(response.substring(response.indexOf("\r\n\r\n") + 4))
                    .isEqualTo(
                            path.equals("/api/")
                                    ? message + "\n"
                                    : "{\"error\":{\"code\":421,\"message\":\"" + message + "\"}}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:7022", "127.0.0.1:1", "[::1]", "tacho.example", "192.168.1.7:7022"})
    void host_ofThisServer_isAllowed(String host) throws IOException {
        try (TestServer server = server(null, List.of(), List.of(), null)) {
            assertThat(get(server, "/stats", host)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void host_withKeys_isNotChecked() throws IOException {
        try (TestServer server = server(new ApiSecret("admin"), List.of(), List.of(), null)) {
            assertThat(get(server, "/stats", "any.example")).startsWith("HTTP/1.1 401");
            assertThat(get(server, "/stats", "any.example\r\nX-API-Key: admin")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void validKey_ofALockedOutAddress_isAdmitted() throws IOException {
        try (TestServer server = server(new ApiSecret("admin"), List.of("reader"), List.of(), null)) {
            String wrong = "GET /stats HTTP/1.1\r\nHost: t\r\nX-API-Key: guess\r\n\r\n".repeat(400);

            assertThat(server.exchange(
                            wrong + "GET /nodes HTTP/1.1\r\nHost: t\r\nX-API-Key: reader\r\nConnection: close\r\n\r\n"))
                    .contains("HTTP/1.1 429 Too Many Requests")
                    .contains("HTTP/1.1 200 OK");
        }
    }

    @Test
    void wrongKeys_behindATrustedProxy_lockOutTheirClientOnly() throws IOException {
        try (TestServer server = server(new ApiSecret("admin"), List.of(), List.of(), null)) {
            String guess =
                    "GET /stats HTTP/1.1\r\nHost: t\r\nX-API-Key: guess\r\nX-Forwarded-For: 1.1.1.1, %s\r\n%s\r\n";
            String attack = guess.formatted("198.51.100.7, 10.0.0.9", "").repeat(400);
            String end = "Connection: close\r\n";

            assertThat(server.exchange(attack + guess.formatted("198.51.100.7", end)))
                    .endsWith(
                            "{\"error\":{\"code\":429,\"message\":\"too many wrong keys (expected: at most 10 per second)\"}}");
            assertThat(server.exchange(guess.formatted("198.51.100.8", end))).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void cors_configuredOriginsOnly() throws IOException {
        try (TestServer server = server(null, List.of(), List.of("https://dash.example"), null)) {
            assertThat(server.get("/stats", "Origin: https://dash.example"))
                    .contains("\r\nAccess-Control-Allow-Origin: https://dash.example\r\n")
                    .contains("\r\nVary: Origin\r\n");
            assertThat(server.get("/stats", "Origin: https://evil.example")).doesNotContain("Access-Control");
            assertThat(server.exchange("OPTIONS /stats HTTP/1.1\r\nHost: t\r\nOrigin: https://dash.example\r\n"
                            + "Access-Control-Request-Method: GET\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 204 No Content")
                    .contains("Access-Control-Allow-Headers: Authorization");
        }
        try (TestServer server = server(null, List.of(), List.of(), null)) {
            assertThat(server.get("/stats", "Origin: https://dash.example")).doesNotContain("Access-Control");
            assertThat(server.exchange("OPTIONS /stats HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 405")
                    .contains("\r\nAllow: GET, HEAD\r\n");
        }
    }

    @Test
    void tls_supportsTwoVersions_andReloadsCertificates(@TempDir Path directory) throws Exception {
        TlsMaterial material = new TlsMaterial(directory);
        Path certificate = directory.resolve("used.pem");
        Path key = directory.resolve("used.key");
        copy(directory, "server", certificate, key);
        try (TestServer server = server(null, List.of(), List.of(), new HttpTls(certificate, key))) {
            for (int i = 0; i < NODES; i++) {
                server.view.onLoaded(Snapshots.stored("u" + i, 1));
            }
            assertThat(exchange(server, material, "TLSv1.3")).isEqualTo("CN=server");
            assertThat(exchange(server, material, "TLSv1.2")).isEqualTo("CN=server");
            assertThat(server.exchange("GET /stats HTTP/1.1\r\nHost: t\r\n\r\n"))
                    .doesNotContain("HTTP/1.1 200");

            copy(directory, "elsewhere", certificate, key);
            Files.setLastModifiedTime(certificate, FileTime.from(Instant.now().plusSeconds(10)));

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() ->
                            assertThat(exchange(server, material, "TLSv1.3")).isEqualTo("CN=elsewhere"));
        }
    }

    private static void copy(Path directory, String name, Path certificate, Path key) throws IOException {
        Files.copy(directory.resolve(name + ".key"), key, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(directory.resolve(name + ".pem"), certificate, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Sends a request over TLS and returns the subject of the certificate. */
    private static String exchange(TestServer server, TlsMaterial material, String version) throws Exception {
        try (SSLSocket socket =
                (SSLSocket) material.trusting().getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.setEnabledProtocols(new String[] {version});
            socket.getOutputStream()
                    .write(
                            "GET /stats HTTP/1.1\r\nHost: t\r\n\r\nGET /stats HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"
                                    .getBytes(ISO_8859_1));
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1).split("\"uid\""))
                    .as("nodes of two responses")
                    .hasSize(2 * NODES + 1);
            X509Certificate peer = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return peer.getSubjectX500Principal().getName();
        }
    }
}
