// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo.refresh;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import io.tacho.testing.FreePorts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefreshProxyIT {

    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
    private static final long NOW = 1_800_000_000;
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final HttpClient http = HttpClient.newHttpClient();
    private final InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(NOW));
    private final CountDownLatch released = new CountDownLatch(1);
    private HttpServer application;
    private RefreshProxy proxy;
    private volatile int status = 200;
    private volatile byte[] response = "{\"result\":{\"expire_at\":1800000060}}".getBytes(UTF_8);
    private volatile String received = "";
    private volatile Headers headers = new Headers();

    @BeforeEach
    void start() throws IOException {
        application = HttpServer.create(ANY, 0);
        application.createContext("/centrifugo/refresh", exchange -> {
            headers = exchange.getRequestHeaders();
            received = exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, response.length);
            exchange.getResponseBody().write(response);
            exchange.close();
        });
        application.createContext("/slow", exchange -> {
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        application.setExecutor(task -> new Thread(task).start());
        application.start();
        open("http://127.0.0.1:" + application.getAddress().getPort() + "/centrifugo/refresh");
    }

    private void open(String url) {
        if (proxy != null) {
            proxy.close();
        }
        proxy = new RefreshProxy(new RefreshSettings(ANY, URI.create(url), null), clock);
        proxy.start();
    }

    @AfterEach
    void stop() {
        released.countDown();
        proxy.close();
        application.stop(0);
    }

    private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + proxy.address().getPort() + path))
                .POST(BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private String raw(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), proxy.address().getPort())) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private long users(double reported) {
        var sketch = proxy.users(OptionalDouble.of(reported));
        return sketch == null ? -1 : sketch.decode().count().estimate();
    }

    private void awaitUsers(long number) {
        await().until(() -> users(number) == number);
    }

    @Test
    void refresh_isForwarded_withHeaders() throws Exception {
        HttpResponse<String> passed =
                post("/refresh", "{\"user\":\"u1\"}", "Cookie", "session=1", "X-Real-Ip", "::1", "Origin", "http://a");

        assertThat(passed.statusCode()).isEqualTo(200);
        assertThat(passed.body()).isEqualTo(new String(response, UTF_8));
        assertThat(passed.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(received).isEqualTo("/centrifugo/refresh {\"user\":\"u1\"}");
        assertThat(headers.getFirst("Cookie")).isEqualTo("session=1");
        assertThat(headers.getFirst("X-Real-Ip")).isEqualTo("::1");
        assertThat(headers.getFirst("Origin")).isEqualTo("http://a");
        assertThat(headers.get("Host"))
                .containsExactly("127.0.0.1:" + application.getAddress().getPort());
        awaitUsers(1);
    }

    @Test
    void refresh_countsUser() throws Exception {
        response = "{\"result\":{\"expire_at\":1800000060}}".getBytes(UTF_8);
        for (int i = 0; i < 20; i++) {
            post("/refresh", "{\"user\":\"u" + i % 10 + "\"}");
        }

        awaitUsers(10);
    }

    @Test
    void users_differingFromCentrifugoCount_areUnknown() throws Exception {
        for (int i = 0; i < 20; i++) {
            post("/refresh", "{\"user\":\"u" + i + "\"}");
        }
        awaitUsers(20);

        assertThat(users(22)).isEqualTo(20);
        assertThat(users(19)).isEqualTo(20);
        assertThat(users(24)).isEqualTo(-1);
        assertThat(users(18)).isEqualTo(-1);
        assertThat(proxy.users(OptionalDouble.empty())).isNull();
    }

    @Test
    void users_ofNonExpiringConnections_areUnknown() throws Exception {
        response = "{\"result\":{}}".getBytes(UTF_8);
        post("/refresh", "{\"user\":\"u1\"}");
        response = "{\"result\":{\"expire_at\":1800000060}}".getBytes(UTF_8);
        post("/refresh", "{\"user\":\"u2\"}");
        awaitUsers(1);

        assertThat(users(2)).isEqualTo(-1);
    }

    @Test
    void connectRequest_isNotForwarded() throws Exception {
        HttpResponse<String> rejected = post("/connect", "{\"client\":\"c1\",\"transport\":\"websocket\"}");

        assertThat(rejected.statusCode()).isEqualTo(404);
        assertThat(rejected.body()).isEqualTo("user: missing (expected: a refresh request)\n");
        assertThat(received).isEmpty();
    }

    @Test
    void applicationStatus_isForwarded() throws Exception {
        status = 503;

        assertThat(post("/refresh", "{\"user\":\"u9\"}").statusCode()).isEqualTo(503);
        // Centrifugo keeps the client connection and repeats the refresh after one minute
        awaitUsers(1);
    }

    @Test
    void applicationDown_returnsBadGateway() throws Exception {
        open("http://127.0.0.1:" + FreePorts.any() + "/centrifugo/refresh");

        HttpResponse<String> failed = post("/refresh", "{\"user\":\"u1\"}");

        assertThat(failed.statusCode()).isEqualTo(502);
        assertThat(failed.body()).isEqualTo("no response of the application\n");
    }

    @Test
    void responseTooLarge_returnsBadGateway() throws Exception {
        response = new byte[Application.MAX_RESPONSE + 1];

        assertThat(post("/refresh", "{\"user\":\"u1\"}").statusCode()).isEqualTo(502);
    }

    @Test
    void requestTooLarge_isRejected() throws Exception {
        assertThat(post("/refresh", " ".repeat(RefreshProxy.MAX_REQUEST + 1)).statusCode())
                .isEqualTo(413);
        assertThat(received).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "POST /refresh HTTP/1.1,evil.example,421",
        "GET /refresh HTTP/1.1,localhost,405",
        "POST /refresh HTTP/x,localhost,400"
    })
    void requestNotFromCentrifugo_isNotForwarded(String line, String host, int expected) throws IOException {
        assertThat(raw(line + "\r\nHost: " + host + "\r\nContent-Length: 0\r\n\r\n"))
                .startsWith("HTTP/1.1 " + expected + " ");
        assertThat(received).isEmpty();
    }

    @Test
    void connection_isReusedForNextRequest() throws IOException {
        String request = "POST /refresh HTTP/1.1\r\nHost: localhost\r\nContent-Length: 12\r\n\r\n{\"user\":\"a\"}";
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), proxy.address().getPort())) {
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(request.getBytes(ISO_8859_1));
                byte[] head = socket.getInputStream().readNBytes(15);
                assertThat(new String(head, UTF_8)).isEqualTo("HTTP/1.1 200 OK");
                StringBuilder rest = new StringBuilder();
                while (!rest.toString().endsWith("}}")) {
                    rest.append((char) socket.getInputStream().read());
                }
            }
        }
    }

    @Test
    void pipelinedRequest_closesConnection() throws IOException {
        open("http://127.0.0.1:" + application.getAddress().getPort() + "/slow");
        String request = "POST /refresh HTTP/1.1\r\nHost: localhost\r\nContent-Length: 12\r\n\r\n{\"user\":\"a\"}";

        assertThat(raw(request + request)).isEmpty();
    }

    @Test
    void connectionsAboveLimit_wait() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < RefreshProxy.MAX_CONNECTIONS; i++) {
                sockets.add(new Socket(
                        InetAddress.getLoopbackAddress(), proxy.address().getPort()));
            }
            CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return raw("POST /refresh HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                            + "Content-Length: 12\r\n\r\n{\"user\":\"a\"}");
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThatThrownBy(() -> waiting.get(200, TimeUnit.MILLISECONDS))
                    .isInstanceOf(java.util.concurrent.TimeoutException.class);

            sockets.remove(0).close();

            assertThat(waiting.get(10, TimeUnit.SECONDS)).startsWith("HTTP/1.1 200 OK");
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void keepAliveConnectionClosed_requestIsRetriedOnNewConnection() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            open("http://127.0.0.1:" + server.getLocalPort());
            byte[] ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".getBytes(UTF_8);
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> {
                try {
                    Socket first = server.accept();
                    readRequest(first);
                    first.getOutputStream().write(ok);
                    // the second request is received, and the connection is closed without a response
                    readRequest(first);
                    first.close();
                    try (Socket second = server.accept();
                            OutputStream out = second.getOutputStream()) {
                        readRequest(second);
                        out.write(ok);
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });

            assertThat(post("/refresh", "{\"user\":\"u1\"}").statusCode()).isEqualTo(200);
            assertThat(post("/refresh", "{\"user\":\"u1\"}").statusCode()).isEqualTo(200);
            served.get(10, TimeUnit.SECONDS);
        }
    }

    /** Reads a whole request: unread bytes at the close would reset the connection. */
    private static void readRequest(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as(head.toString()).isNotNegative();
            head.append((char) next);
        }
        Matcher length = CONTENT_LENGTH.matcher(head);
        assertThat(length.find()).as(head.toString()).isTrue();
        in.readNBytes(Integer.parseInt(length.group(1)));
    }

    @Test
    void parallelRequests_receiveTheirResponses() {
        List<CompletableFuture<HttpResponse<String>>> responses = IntStream.range(0, 200)
                .mapToObj(i -> http.sendAsync(
                        HttpRequest.newBuilder(URI.create(
                                        "http://127.0.0.1:" + proxy.address().getPort() + "/refresh"))
                                .POST(BodyPublishers.ofString("{\"user\":\"p" + i + "\"}"))
                                .build(),
                        BodyHandlers.ofString()))
                .toList();
        response = "{\"result\":{\"expire_at\":1800000060}}".getBytes(UTF_8);

        assertThat(responses)
                .allSatisfy(one -> assertThat(one.join().statusCode()).isEqualTo(200));
    }

    @Test
    void addressInUse_isReported() {
        RefreshProxy second =
                new RefreshProxy(new RefreshSettings(proxy.address(), URI.create("http://127.0.0.1"), null));

        assertThatThrownBy(second::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("refresh-listen: cannot listen on ")
                .hasMessageEndingWith(" (expected: a free address)");
    }
}
