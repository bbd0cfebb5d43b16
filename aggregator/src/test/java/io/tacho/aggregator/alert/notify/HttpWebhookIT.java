// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tacho.aggregator.alert.notify.Webhook.Result;
import io.tacho.aggregator.alert.rule.AlertConfig;
import io.tacho.aggregator.alert.rule.ReceiverUrl;
import io.tacho.testing.FreePorts;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpWebhookIT {

    private static final Duration DEADLINE = Duration.ofSeconds(1);

    private final HttpWebhook webhook = new HttpWebhook();
    private final HttpWebhook fixedClock =
            new HttpWebhook(Duration.ofSeconds(10), InstantSource.fixed(Instant.parse("2026-11-22T12:00:00Z")));
    private final HttpWebhook shortTimeout = new HttpWebhook(DEADLINE, InstantSource.system());
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> resources = new ArrayList<>();
    private volatile String retryAfter = "";
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                        + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                int status = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
                exchange.getResponseHeaders().add("Location", "/200");
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=hooks");
                if (!retryAfter.isEmpty()) {
                    exchange.getResponseHeaders().add("Retry-After", retryAfter);
                }
                exchange.sendResponseHeaders(status, -1);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        webhook.close();
        fixedClock.close();
        shortTimeout.close();
        server.stop(0);
        for (AutoCloseable resource : resources) {
            resource.close();
        }
    }

    private static Result send(Webhook sender, String url) throws Exception {
        ReceiverUrl parsed = AlertConfig.parse(Path.of("alerts"), "rule a lost\nwebhook " + url)
                .webhook();
        return sender.send(Objects.requireNonNull(parsed), "{\"text\":\"ü\"}".getBytes(UTF_8))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    @Test
    void status2xx_isDelivered() throws Exception {
        assertThat(send(webhook, url("/200?key=s3cret")).isDelivered()).isTrue();
        assertThat(send(webhook, url("/204"))).isEqualTo(Result.delivered(204));
        assertThat(requests).containsExactly("POST /200?key=s3cret {\"text\":\"ü\"}", "POST /204 {\"text\":\"ü\"}");
    }

    @Test
    void otherStatus_isNotDelivered() throws Exception {
        assertThat(send(webhook, url("/500"))).isEqualTo(Result.failed(500, "status 500 (expected: 200 to 299)"));
        assertThat(send(webhook, url("/401"))).isEqualTo(Result.failed(401, "status 401 (expected: 200 to 299)"));
        assertThat(requests).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void redirect_isReportedAndNotFollowed(int status) throws Exception {
        assertThat(send(webhook, url("/" + status)))
                .isEqualTo(Result.failed(
                        status, "status " + status + ", redirects are not followed (expected: 200 to 299)"));
        assertThat(requests).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "120 | PT2M",
                "0 | PT0S",
                "Sun, 22 Nov 2026 12:00:30 GMT | PT30S",
                "Sun, 22 Nov 2026 11:00:00 GMT | PT0S",
                "999999999 | PT1H",
                "soon | PT0S",
            })
    void retryAfter_isReturnedUpToAnHour(String header, Duration expected) throws Exception {
        retryAfter = header;

        assertThat(send(fixedClock, url("/429")).retryAfter()).isEqualTo(expected);
    }

    @Test
    void noServer_andBrokenConnection_areReported() throws Exception {
        assertThat(send(webhook, "http://127.0.0.1:" + FreePorts.any() + "/s3cret"))
                .isEqualTo(Result.failed(0, "cannot connect"));

        assertThat(send(webhook, "http://127.0.0.1:" + serve("", "", 0) + "/s3cret")
                        .error())
                .startsWith("connection failed, ")
                .doesNotContain("s3cret");
    }

    @Test
    void unknownHost_isReported() throws Exception {
        assertThat(send(webhook, "http://webhook.invalid/s3cret").error()).isEqualTo("unknown host");
    }

    @Test
    void plainTextInsteadOfTls_isReported() throws Exception {
        assertThat(send(webhook, "https://127.0.0.1:" + serve("HTTP/1.1 400 Bad Request\r\n\r\n", "", 0) + "/s3cret")
                        .error())
                .startsWith("TLS failed, ");
    }

    /** As the client reports it if the handshake fails while it waits for the response. */
    @Test
    void tlsFailure_thatTheClientWraps_isReported() {
        IOException wrapped = new IOException("HTTP/1.1 header parser received no bytes", new SSLException("s3cret"));

        assertThat(webhook.describeError(wrapped)).isEqualTo("TLS failed, SSLException");
    }

    @Test
    void endlessHeader_endsAtTheDeadline() throws Exception {
        assertThat(send(shortTimeout, "http://127.0.0.1:" + serve("HTTP/1.1 200 OK\r\nX: ", "x", 20)))
                .isEqualTo(Result.failed(0, "no response within 1000 ms"));
    }

    @Test
    void endlessContinue_isNotDelivered() throws Exception {
        String interim = "HTTP/1.1 100 Continue\r\n\r\n";

        Result result = send(shortTimeout, "http://127.0.0.1:" + serve(interim, interim, 20));

        assertThat(result.isDelivered()).isFalse();
    }

    @Test
    void continueBeforeTheResponse_isIgnored() throws Exception {
        int port = serve("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", 0);

        assertThat(send(webhook, "http://127.0.0.1:" + port)).isEqualTo(Result.delivered(200));
    }

    @Test
    void endlessBodyAfterSuccess_isDelivered() throws Exception {
        assertThat(send(webhook, "http://127.0.0.1:" + serve("HTTP/1.1 200 OK\r\n\r\n", "x", 20)))
                .isEqualTo(Result.delivered(200));
    }

    /**
     * Starts a server that sends a text to one client, then repeats another if it is not empty, until the test ends; returns its port.
     * An empty text closes the connection.
     */
    private int serve(String first, String repeated, int periodMillis) throws IOException {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        CountDownLatch stopped = new CountDownLatch(1);
        resources.add(() -> {
            stopped.countDown();
            socket.close();
        });
        Thread thread = new Thread(() -> {
            try (Socket client = socket.accept()) {
                client.getInputStream().read();
                OutputStream out = client.getOutputStream();
                out.write(first.getBytes(UTF_8));
                while (!repeated.isEmpty() && !stopped.await(periodMillis, TimeUnit.MILLISECONDS)) {
                    out.write(repeated.getBytes(UTF_8));
                }
                if (!first.isEmpty()) {
                    // closing now would reset the connection, because bytes are unread, and the client could report
                    // that instead
                    stopped.await();
                }
            } catch (IOException e) {
                // the client has closed the connection
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
        return socket.getLocalPort();
    }

    @Test
    void send_afterClose_fails() throws Exception {
        webhook.close();

        assertThat(send(webhook, url("/200"))).isEqualTo(Result.failed(0, "stopped"));
    }
}
