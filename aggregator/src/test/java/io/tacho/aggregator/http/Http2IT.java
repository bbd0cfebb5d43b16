// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.aggregator.api.ApiKeys;
import io.tacho.aggregator.http.routing.TrustedProxies;
import io.tacho.testing.Snapshots;
import io.tacho.testing.TlsMaterial;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 over TLS: the same responses as over HTTP/1.1, event streams that share a connection, and limits. */
class Http2IT {

    /** Enough for a response beyond the flow-control window of 64 KiB. */
    private static final int NODES = 500;

    private static final int EVENT_STREAMS = 20;

    private static final Timeouts TIMEOUTS = new Timeouts(
            Duration.ofSeconds(4),
            Timeouts.DEFAULT.head(),
            Duration.ofSeconds(2),
            Timeouts.DEFAULT.response(),
            Timeouts.DEFAULT.responseTaken(),
            Timeouts.DEFAULT.inputEnd());

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int END_HEADERS = 4;
    private static final int END_STREAM = 1;

    @TempDir
    private static Path directory;

    private static SSLContext trusting;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        TlsMaterial material = new TlsMaterial(directory);
        trusting = material.trusting();
        HttpSettings settings = new HttpSettings(
                TestServer.ANY_PORT,
                50,
                new ApiKeys(null, List.of()),
                List.of(),
                List.of(),
                TrustedProxies.of(List.of()),
                new HttpTls(directory.resolve("server.pem"), directory.resolve("server.key")));
        server = new TestServer(NODES, settings, TIMEOUTS);
        server.becomeReady();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpClient client(Version version) {
        return HttpClient.newBuilder().sslContext(trusting).version(version).build();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + path));
    }

    /** Returns the response without the parts that differ between any two responses. */
    private static String content(HttpResponse<String> response) {
        Map<String, List<String>> headers = new TreeMap<>(response.headers().map());
        List.of(":status", "date", "connection", "transfer-encoding").forEach(headers::remove);
        return response.statusCode() + " " + headers + "\n" + response.body().replaceAll("\"uptime\":\\d+", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /stats",
                "HEAD /stats",
                "GET /stats?limit=2",
                "GET /nodes/u1/series",
                "GET /nodes/unknown",
                "GET /fields",
                "GET /history?from=0&to=60",
                "GET /",
                "GET /nothing",
                "DELETE /stats",
                "POST /api/ {\"method\":\"stats\"}",
                "POST /api/info {}",
            })
    void responses_equalThoseOfHttp1(String line) throws Exception {
        String[] words = line.split(" ", 3);
        HttpRequest request = request(words[1])
                .header("Content-Type", "application/json")
                .method(words[0], words.length < 3 ? BodyPublishers.noBody() : BodyPublishers.ofString(words[2]))
                .build();

        HttpResponse<String> http1 = client(Version.HTTP_1_1).send(request, BodyHandlers.ofString());
        HttpResponse<String> http2 = client(Version.HTTP_2).send(request, BodyHandlers.ofString());

        assertThat(http1.version()).isEqualTo(Version.HTTP_1_1);
        assertThat(http2.version()).isEqualTo(Version.HTTP_2);
        assertThat(http2.headers().firstValue("date")).isPresent();
        assertThat(content(http2)).isEqualTo(content(http1));
    }

    @Test
    void eventStreams_shareOneConnection_withOtherRequests() throws Exception {
        HttpClient client = client(Version.HTTP_2);
        client.send(request("/-/healthy").build(), BodyHandlers.ofString());
        List<CompletableFuture<HttpResponse<InputStream>>> opening = new ArrayList<>();
        for (int i = 0; i < EVENT_STREAMS; i++) {
            opening.add(client.sendAsync(request("/events?types=joined").build(), BodyHandlers.ofInputStream()));
        }
        List<InputStream> streams = new ArrayList<>();
        for (CompletableFuture<HttpResponse<InputStream>> response : opening) {
            assertThat(response.get(10, TimeUnit.SECONDS).version()).isEqualTo(Version.HTTP_2);
            streams.add(response.get().body());
        }
        for (InputStream stream : streams) {
            readUntil(stream, "event: synced");
        }

        server.view.onLoaded(Snapshots.stored("late", 1));
        for (InputStream stream : streams) {
            assertThat(readUntil(stream, "name-late")).contains("event: joined");
        }
        String metrics = client.send(request("/metrics?nodes=0").build(), BodyHandlers.ofString())
                .body();
        assertThat(metrics)
                .contains("tacho_aggregator_event_readers " + EVENT_STREAMS + ".0\n")
                .contains("tacho_aggregator_http_connections 1.0\n");
        for (InputStream stream : streams) {
            stream.close();
        }
        await().untilAsserted(() -> assertThat(client.send(
                                request("/metrics?name%5B%5D=tacho_aggregator_event_readers")
                                        .build(),
                                BodyHandlers.ofString())
                        .body())
                .contains("tacho_aggregator_event_readers 0.0\n"));
    }

    private static String readUntil(InputStream stream, String text) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (!read.toString(US_ASCII).contains(text)) {
            int next = stream.read();
            assertThat(next).as("read so far: %s", read).isNotNegative();
            read.write(next);
        }
        return read.toString(US_ASCII);
    }

    @Test
    void body_beyondTheLimit_isRejected() throws Exception {
        HttpClient client = client(Version.HTTP_2);

        HttpResponse<String> accepted = client.send(
                request("/api/info")
                        .POST(BodyPublishers.ofString("{}" + " ".repeat(65_000)))
                        .build(),
                BodyHandlers.ofString());
        HttpResponse<String> rejected = client.send(
                request("/api/info")
                        .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString(" ".repeat(70_000))))
                        .build(),
                BodyHandlers.ofString());

        assertThat(accepted.statusCode()).isEqualTo(200);
        assertThat(rejected.statusCode()).isEqualTo(413);
        assertThat(rejected.body()).contains("body too large (expected: at most 65536 bytes)");
    }

    @Test
    void headers_beyondTheLimits_areRejected() throws Exception {
        HttpRequest.Builder many = request("/stats");
        for (int i = 0; i < 101; i++) {
            many.header("x-" + i, "1");
        }
        HttpClient client = client(Version.HTTP_2);

        assertThat(client.send(many.build(), BodyHandlers.ofString()).statusCode())
                .isEqualTo(431);
        assertThat(client.send(request("/" + "a".repeat(9_000)).build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(414);
        assertThat(client.send(request("/stats").header("x", "a".repeat(17_000)).build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(431);
    }

    /** A client that can write any frame. */
    private static final class RawClient implements AutoCloseable {

        private final SSLSocket socket;
        private final DataInputStream in;

        RawClient() throws IOException {
            socket = (SSLSocket) trusting.getSocketFactory().createSocket("localhost", server.port());
            socket.setSoTimeout(10_000);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            in = new DataInputStream(socket.getInputStream());
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
            write(SETTINGS, 0, 0);
        }

        void write(int type, int flags, int stream, int... payload) throws IOException {
            byte[] frame = new byte[9 + payload.length];
            frame[1] = (byte) (payload.length >> 8);
            frame[2] = (byte) payload.length;
            frame[3] = (byte) type;
            frame[4] = (byte) flags;
            frame[7] = (byte) (stream >> 8);
            frame[8] = (byte) stream;
            for (int i = 0; i < payload.length; i++) {
                frame[9 + i] = (byte) payload[i];
            }
            socket.getOutputStream().write(frame);
        }

        /** Opens a stream with GET or POST of {@code https://t/}, by indexes of HPACK's static table. */
        void request(int stream, boolean post) throws IOException {
            write(HEADERS, END_HEADERS | (post ? 0 : END_STREAM), stream, post ? 0x83 : 0x82, 0x84, 0x87, 0x41, 1, 't');
        }

        /** {@return the payload of the next frame of a type} */
        byte[] next(int type) throws IOException {
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int found = in.readUnsignedByte();
                in.skipBytes(5);
                byte[] payload = in.readNBytes(length);
                if (found == type) {
                    return payload;
                }
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void settings_limitStreamsAndHeaders() throws Exception {
        try (RawClient client = new RawClient()) {
            byte[] settings = client.next(SETTINGS);

            // MAX_CONCURRENT_STREAMS is setting 3, MAX_HEADER_LIST_SIZE 6
            assertThat(Stream.iterate(0, i -> i < settings.length, i -> i + 6)
                            .collect(Collectors.toMap(
                                    i -> (int) settings[i + 1],
                                    i -> (settings[i + 4] & 0xff) << 8 | (settings[i + 5] & 0xff))))
                    .containsEntry(3, 100)
                    .containsEntry(6, 16 * 1024);
        }
    }

    @Test
    void rapidReset_closesTheConnection() throws Exception {
        try (RawClient client = new RawClient()) {
            // reads meanwhile: the reset of a connection would discard the frame
            CompletableFuture<byte[]> goAway = new CompletableFuture<>();
            Thread reader = new Thread(() -> {
                try {
                    goAway.complete(client.next(GOAWAY));
                } catch (IOException e) {
                    goAway.completeExceptionally(e);
                }
            });
            reader.start();
            try {
                for (int i = 0; i < 300; i++) {
                    client.request(2 * i + 1, true);
                    client.write(RST_STREAM, 0, 2 * i + 1, 0, 0, 0, 8);
                }
            } catch (IOException e) {
                // the server has closed the connection already
            }

            // ENHANCE_YOUR_CALM
            assertThat(goAway.get(10, TimeUnit.SECONDS)[7]).isEqualTo((byte) 11);
        }
    }

    @Test
    void slowBody_isRejected_andTheConnectionStaysOpen() throws Exception {
        try (RawClient client = new RawClient()) {
            client.request(1, true);
            assertThat(new String(client.next(DATA), US_ASCII)).contains("body came too slowly");

            client.request(3, false);
            assertThat(new String(client.next(DATA), US_ASCII)).contains("<html");
        }
    }

    @Test
    void idleConnection_isClosed() throws Exception {
        try (RawClient client = new RawClient()) {
            assertThat(client.next(GOAWAY)).isNotEmpty();
        }
    }

    @Test
    void client_withoutAlpn_isServedByHttp1() throws Exception {
        try (SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket("localhost", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /-/healthy HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 200 OK\r\n");
        }
    }
}
