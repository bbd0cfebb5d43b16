// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tacho.aggregator.api.ApiSecret;
import io.tacho.model.NodeStatus;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.Snapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerIT {

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer(0, null, 20);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String get(String path) throws IOException {
        return server.exchange("GET " + path + " HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
    }

    @Test
    void stats_emptyCluster() throws IOException {
        awaitReady();
        assertThat(get("/stats"))
                .startsWith("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: ")
                .endsWith("\r\n\r\n{\"data\":{\"nodes\":[],\"metrics_interval\":60}}");
    }

    private void awaitReady() {
        server.becomeReady();
        await().untilAsserted(() -> assertThat(get("/-/ready")).startsWith("HTTP/1.1 200 OK"));
    }

    @Test
    void stats_staleView_hasItsAgeInAHeader() throws IOException {
        assertThat(get("/stats")).startsWith("HTTP/1.1 200 OK").containsPattern("\r\nX-Tacho-Stale-Ms: \\d+\r\n");

        awaitReady();

        assertThat(get("/stats")).doesNotContain("X-Tacho-Stale-Ms");
    }

    /** A large body is compressed outside the event loop. */
    @Test
    void stats_compressedStaleView_hasItsAgeInAHeader() throws IOException {
        for (int node = 0; node < 500; node++) {
            server.view.onLoaded(Snapshots.stored("u" + node, "chat-" + node, 1));
        }

        assertThat(server.exchange(
                        "GET /stats HTTP/1.1\r\nHost: t\r\nConnection: close\r\nAccept-Encoding: gzip\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK")
                .contains("\r\nContent-Encoding: gzip\r\n", "\r\nX-Tacho-Stale-Partitions: 1/1\r\n")
                .containsPattern("\r\nX-Tacho-Stale-Ms: \\d+\r\n");
    }

    /** The half-closed connection is not closed while its response is built. */
    @Test
    void largeResponse_halfClosedConnection_isComplete() throws IOException {
        try (TestServer large = new TestServer(5_000, null, 20)) {
            large.becomeReady();

            String response = large.exchange("GET /metrics HTTP/1.1\r\nHost: t\r\n\r\n");

            int body = response.indexOf("\r\n\r\n") + 4;
            assertThat(response).contains("\r\nContent-Length: " + (response.length() - body) + "\r\n");
        }
    }

    @Test
    void cluster_hasStatesCountsAndWarnings() throws IOException {
        awaitReady();
        server.view.onLoaded(Snapshots.stored("u1", "chat", 1));
        server.view.onLoaded(Snapshots.stored("u2", "chat", 1));
        server.view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(Snapshots.snapshot("u3", "other"))
                        .seq(1)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(10)
                        .status(new NodeStatus(null, 0, true))
                        .build(),
                15_000));

        assertThat(get("/cluster"))
                .contains("\"nodes\":{\"live\":2,\"draining\":1,\"stale\":0}")
                .contains("\"view\":{\"ready\":true,\"stale_ms\":0,"
                        + "\"partitions\":{\"total\":1,\"disconnected\":0,\"disconnected_nodes\":0}}")
                .contains("\"recent\":{\"seconds\":600,\"joined\":3,\"left\":0,\"lost\":0,\"restarted\":0}")
                .contains("\"malformed\":{}")
                .contains("{\"code\":\"duplicate_name\",\"message\":\"name chat has 2 live nodes\",\"name\":\"chat\","
                        + "\"uids\":[\"u1\",\"u2\"]}")
                .contains("\"code\":\"mixed_metrics_interval\"")
                .contains("\"nodes_by_seconds\":{\"10\":1,\"60\":2}");
    }

    @Test
    void stats_afterALeave_omitsTheNode() throws IOException {
        server.view.onLoaded(Snapshots.stored("u2", "b", 1));
        server.view.onLoaded(Snapshots.stored("u1", "a", 1));
        assertThat(get("/stats")).containsSubsequence("\"name\":\"a\"", "\"name\":\"b\"");

        server.view.onLeave(Snapshots.leave("u1", 2));

        assertThat(get("/stats")).doesNotContain("\"name\":\"a\"").contains("\"name\":\"b\"");
    }

    @Test
    void head_returnsHeadersOnly() throws IOException {
        String response = server.exchange("HEAD /stats HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");

        assertThat(response)
                .startsWith("HTTP/1.1 200 OK")
                .contains("Content-Length: 43")
                .endsWith("\r\n\r\n");
    }

    @Test
    void ready_beforeTheFirstLoad_returns503() throws IOException {
        assertThat(get("/-/healthy")).startsWith("HTTP/1.1 200 OK").endsWith("{\"healthy\":true}");
        assertThat(get("/-/ready"))
                .startsWith("HTTP/1.1 503 Service Unavailable")
                .contains("{\"ready\":false,\"stale_ms\":")
                .endsWith("\"partitions\":{\"total\":1,\"disconnected\":1,\"disconnected_nodes\":0},\"nodes\":0}");

        server.becomeReady();

        await().untilAsserted(
                        () -> assertThat(get("/-/ready"))
                                .startsWith("HTTP/1.1 200 OK")
                                .endsWith(
                                        "{\"ready\":true,\"stale_ms\":0,\"partitions\":{\"total\":1,\"disconnected\":0,\"disconnected_nodes\":0},\"nodes\":0}"));
    }

    @Test
    void pipelinedRequests_areRespondedToInOrder() throws IOException {
        String responses = server.exchange("GET /stats HTTP/1.1\r\nHost: t\r\n\r\nGET /nope HTTP/1.1\r\nHost: t\r\n\r\n"
                + "GET /-/healthy HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");

        assertThat(responses).containsSubsequence("200 OK", "\"nodes\":[]", "404 Not Found", "200 OK", "healthy");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    GET /nope HTTP/1.1          | 404 | no such path (expected: one of
                    GET /index.html HTTP/1.1    | 404 | no such path
                    GET /stats/../x HTTP/1.1    | 404 | no such path
                    GET /%zz HTTP/1.1           | 400 | malformed path
                    POST /stats HTTP/1.1        | 405 | POST (expected: GET or HEAD)
                    DELETE /-/ready HTTP/1.1    | 405 | DELETE (expected: GET or HEAD)
                    garbage                     | 400 | malformed request
                    GET /stats HTTP/9.9.9       | 400 | malformed request
                    """)
    void request_invalid_isRejected(String line, int status, String message) throws IOException {
        String response = server.exchange(line + "\r\nHost: t\r\nConnection: close\r\n\r\n");

        assertThat(response)
                .startsWith("HTTP/1.1 " + status)
                .contains("{\"error\":{\"code\":" + status + ",\"message\":\"" + message);
    }

    @Test
    void oversizedRequestLineHeadersOrBody_isRejected() throws IOException {
        assertThat(get("/" + "x".repeat(10_000))).startsWith("HTTP/1.1 414");
        assertThat(server.exchange("GET /stats HTTP/1.1\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(server.exchange(
                        "POST /api/ HTTP/1.1\r\nHost: t\r\nContent-Length: 2000000\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 413");
        assertThat(get("/stats")).startsWith("HTTP/1.1 200");
    }

    @Test
    void oversizedChunkedBody_isRejected() throws IOException {
        // one byte too many at its very end: the server closes no connection with unread bytes, which would reset it
        String request = "POST /api/ HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n10000\r\n"
                + "x".repeat(0x10000) + "\r\n1\r\nx\r\n";

        assertThat(server.exchange(request)).startsWith("HTTP/1.1 413");
        assertThat(get("/stats")).startsWith("HTTP/1.1 200");
    }

    @Test
    void connections_aboveTheLimit_areClosed() throws IOException {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Socket socket = server.connect();
                socket.getOutputStream().write("GET /-/healthy HTTP/1.1\r\nHost: t\r\n\r\n".getBytes(ISO_8859_1));
                assertThat(socket.getInputStream().read()).isEqualTo('H');
                open.add(socket);
            }
            try (Socket above = server.connect()) {
                assertThat(readOrReset(above)).isEqualTo(-1);
            }
            open.remove(0).close();
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(get("/stats")).startsWith("HTTP/1.1 200"));
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private static int readOrReset(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SocketException e) {
            return -1;
        }
    }

    /** The server does not buffer the responses of a client that sends without reading: a million of 55 or 550 KB each. */
    @ParameterizedTest
    @ValueSource(ints = {100, 1_000})
    void clientThatDoesNotRead_isNoLongerReadFrom(int nodes) throws IOException {
        for (int i = 0; i < nodes; i++) {
            server.view.onLoaded(Snapshots.stored("u" + i, 1));
        }
        int blocks = 1_000;
        byte[] block = "GET /stats HTTP/1.1\r\nHost: t\r\n\r\n".repeat(1_000).getBytes(ISO_8859_1);
        AtomicInteger sent = new AtomicInteger();
        try (Socket socket = server.connect()) {
            Thread writer = new Thread(() -> {
                try (OutputStream out = socket.getOutputStream()) {
                    while (sent.get() < blocks) {
                        out.write(block);
                        sent.incrementAndGet();
                    }
                } catch (IOException e) {
                    // the test has closed the socket
                }
            });
            writer.start();

            AtomicInteger before = new AtomicInteger(-1);
            AtomicInteger equalReadings = new AtomicInteger();
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> {
                        int now = sent.get();
                        equalReadings.set(before.getAndSet(now) == now ? equalReadings.get() + 1 : 0);
                        return equalReadings.get() == 3;
                    });

            assertThat(sent).as("the writer stands still").hasValueLessThan(blocks);
            assertThat(get("/stats")).startsWith("HTTP/1.1 200");
        }
        assertThat(get("/stats")).startsWith("HTTP/1.1 200");
    }

    @Test
    void apiSecret_isRequiredAsKey() throws IOException {
        try (TestServer keyed = new TestServer(0, new ApiSecret("s3cret"), 20)) {
            String request = "GET /stats HTTP/1.1\r\nHost: t\r\nConnection: close\r\n%s\r\n";

            assertThat(keyed.exchange(request.formatted("")))
                    .startsWith("HTTP/1.1 401")
                    .contains("no key, or a wrong one")
                    .doesNotContain("s3cret");
            assertThat(keyed.exchange(request.formatted("X-API-Key: wrong\r\n")))
                    .startsWith("HTTP/1.1 401");
            assertThat(keyed.exchange(request.formatted("X-API-Key: s3cret\r\n")))
                    .startsWith("HTTP/1.1 200");
            assertThat(keyed.exchange(request.formatted("Authorization: apikey s3cret\r\n")))
                    .startsWith("HTTP/1.1 200");
            assertThat(keyed.exchange("GET /-/healthy HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void start_portInUse_failsWithTheAddress() {
        InetSocketAddress taken = new InetSocketAddress("127.0.0.1", server.port());
        try (HttpServer second = server.anotherOn(taken)) {
            assertThatThrownBy(second::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("listen: 127.0.0.1:" + server.port())
                    .hasMessageContaining("expected: a free port");
        }
    }
}
