// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tacho.aggregator.alert.Poster.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpPosterIT {

    private final HttpPoster poster = new HttpPoster();
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                taken.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                        + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                int status = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
                exchange.getResponseHeaders().add("Location", "/200");
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=hooks");
                exchange.sendResponseHeaders(status, -1);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        poster.close();
        server.stop(0);
    }

    private Outcome post(String url) throws Exception {
        return poster.post(WebhookAddress.parse(url), "{\"text\":\"ü\"}".getBytes(UTF_8))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    @Test
    void post_anAnswerOfSuccessIsADelivery() throws Exception {
        assertThat(post(url("/200?key=s3cret")).isDelivered()).isTrue();
        assertThat(post(url("/204"))).isEqualTo(new Outcome(204, ""));
        assertThat(taken).containsExactly("POST /200?key=s3cret {\"text\":\"ü\"}", "POST /204 {\"text\":\"ü\"}");
    }

    @Test
    void post_otherAnswersAreNot_andNobodyIsFollowed() throws Exception {
        assertThat(post(url("/302"))).isEqualTo(new Outcome(302, "status 302 (expected: 200 to 299)"));
        assertThat(post(url("/500"))).isEqualTo(new Outcome(500, "status 500 (expected: 200 to 299)"));
        assertThat(post(url("/401"))).isEqualTo(new Outcome(401, "status 401 (expected: 200 to 299)"));
        assertThat(taken).hasSize(3);
    }

    @Test
    void post_whereNobodyListens_andWhereTheConnectionBreaks() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThat(post("http://127.0.0.1:" + free + "/s3cret")).isEqualTo(new Outcome(0, "cannot connect"));

        assertThat(post("http://127.0.0.1:" + rude("") + "/s3cret").problem())
                .startsWith("the connection broke, ")
                .doesNotContain("s3cret");
    }

    /** The port of a server that says this to the first who connects, and no more. */
    private static int rude(String words) throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            try (server;
                    Socket socket = server.accept()) {
                socket.getOutputStream().write(words.getBytes(UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thread.start();
        return server.getLocalPort();
    }

    @Test
    void post_plainTextWhereTlsIsExpected() throws Exception {
        assertThat(post("https://127.0.0.1:" + rude("HTTP/1.1 400 Bad Request\r\n\r\n") + "/s3cret")
                        .problem())
                .startsWith("TLS failed, ");
    }

    @Test
    void post_afterItsEnd() throws Exception {
        poster.close();

        assertThat(post(url("/200"))).isEqualTo(new Outcome(0, "stopped"));
    }
}
