// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessNumbers;
import io.tacho.agent.process.ProcessProbe;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeState;
import io.tacho.model.Field;
import io.tacho.model.Quality;
import io.tacho.testing.ManualTicker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PushSourceIT {

    private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);

    private final HttpClient http = HttpClient.newHttpClient();
    private final ManualTicker ticker = new ManualTicker();
    private final AtomicInteger drained = new AtomicInteger();
    private PushSource source;

    @BeforeEach
    void open() {
        open(null);
    }

    private void open(String key) {
        open(key, OtherProcess.none(), false);
    }

    private void open(String key, OtherProcess process, boolean watched) {
        close();
        PushSettings settings =
                new PushSettings(ANY, key, List.of("tacho.example"), Duration.ofMinutes(2), Duration.ofMinutes(5));
        source = new PushSource(settings, "uid-1", "script_1", process, watched, ticker);
        source.start(drained::incrementAndGet);
    }

    @AfterEach
    void close() {
        if (source != null) {
            source.close();
        }
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + source.address().getPort() + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void put(String query, String body) {
        assertThat(send("PUT", "/node" + query, body).statusCode()).isEqualTo(204);
    }

    private NodeState read() {
        return source.read(RecordedInterval.EMPTY);
    }

    private String raw(String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", source.address().getPort())) {
            socket.getOutputStream()
                    .write(("GET /node HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    @Test
    void hostNotAllowed_isMisdirected_unlessKeyIsRequired() throws IOException {
        assertThat(raw("evil.example:7023"))
                .startsWith("HTTP/1.1 421 ")
                .endsWith("{\"error\":{\"code\":421,\"message\":\"Host: evil.example:7023"
                        + " (expected: localhost, an IP address, or a name given as allowed-host)\"}}");
        assertThat(raw("tacho.example")).startsWith("HTTP/1.1 404 ");
        assertThat(raw("localhost:1")).startsWith("HTTP/1.1 404 ");
        open("secret");
        assertThat(raw("evil.example")).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void processEnded_countsOfItsWindowAreKnown() {
        ProcessNumbers[] running = {new ProcessNumbers(7, 1, 1, 1, 1)};
        OtherProcess process = new OtherProcess(() -> Optional.ofNullable(running[0]), ticker, ticker);
        open(null, process, true);
        process.refresh();
        put("?counters=interval", "{\"num_msg_sent\":7}");
        assertThat(read()).isNotNull();

        running[0] = null;
        process.refresh();

        assertThat(read()).isNull();
        assertThat(source.isLost()).isTrue();
        assertThat(source.endWindow()).isTrue();
        assertThat(source.counted(RecordedInterval.EMPTY).numMsgSent()).isEqualTo(7);
    }

    @Test
    void processNotObservable_nodeExistsUntilItIsSilent() {
        ProcessProbe blind = new ProcessProbe() {
            @Override
            public Optional<ProcessNumbers> sample() {
                return Optional.empty();
            }

            @Override
            public boolean isConclusive() {
                return false;
            }
        };
        open(null, new OtherProcess(blind, ticker, ticker), true);
        put("", "{\"num_clients\":7}");

        assertThat(read()).isNotNull();
        assertThat(source.isLost()).isFalse();
        ticker.advance(Duration.ofMinutes(6));
        assertThat(read()).isNull();
    }

    @Test
    void put_interval_isReportedUnchanged() {
        put(
                "?counters=interval",
                "{\"num_msg_published\":12,\"num_api_requests\":3,\"time_api_mean\":5,\"time_api_max\":9,"
                        + "\"num_clients\":7,\"started_at\":1700000000,\"cpu_usage\":42}");

        assertThat(read().snapshot().number(Field.NUM_MSG_PUBLISHED)).isEqualTo(12);
        assertThat(read().snapshot().number(Field.TIME_API_MAX)).isEqualTo(9);
        assertThat(read().snapshot().number(Field.CPU_USAGE)).isEqualTo(42);
        assertThat(read().snapshot().number(Field.NUM_CLIENTS)).isEqualTo(7);
        assertThat(read().snapshot().number(Field.STARTED_AT)).isEqualTo(1_700_000_000);
        assertThat(read().quality().byWireName())
                .doesNotContainKeys("num_msg_published", "time_api_mean", "num_clients")
                .containsEntry("num_msg_sent", Quality.UNAVAILABLE)
                .containsEntry("memory_sys", Quality.UNAVAILABLE);
    }

    @Test
    void put_totals_windowHasTheirIncrease() {
        put("?counters=totals", "{\"num_client_requests\":100,\"time_client_sum\":5000}");
        assertThat(read().quality().byWireName()).containsEntry("num_client_requests", Quality.UNAVAILABLE);
        put("?counters=totals", "{\"num_client_requests\":110,\"time_client_sum\":9000}");
        source.endWindow();

        assertThat(read().snapshot().number(Field.NUM_CLIENT_REQUESTS)).isEqualTo(10);
        assertThat(read().snapshot().number(Field.TIME_CLIENT_MEAN)).isEqualTo(400);
        assertThat(read().quality().byWireName()).containsEntry("time_client_max", Quality.UNAVAILABLE);

        put("?counters=totals", "{\"num_client_requests\":4}");
        source.endWindow();
        assertThat(read().snapshot().number(Field.NUM_CLIENT_REQUESTS))
                .as("counter was reset")
                .isEqualTo(4);
    }

    @Test
    void put_uidNameAndLabels_areReported() {
        put("", "{\"uid\":\"my-uid\",\"name\":\"mine\",\"version\":\"1.2\",\"labels\":{\"zone\":\"b\"}}");

        assertThat(read().snapshot().uid()).isEqualTo("my-uid");
        assertThat(read().snapshot().name()).isEqualTo("mine");
        assertThat(read().version()).isEqualTo("1.2");
        assertThat(read().labels()).containsEntry("zone", "b");
    }

    @Test
    void put_otherUid_isOtherNode() {
        put("?counters=interval", "{\"uid\":\"a\",\"num_msg_sent\":12,\"num_clients\":3}");

        put("", "{\"uid\":\"b\",\"num_clients\":1}");

        assertThat(read().snapshot().uid()).isEqualTo("b");
        assertThat(read().quality().byWireName()).containsEntry("num_msg_sent", Quality.UNAVAILABLE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "counter=totals | query: 'counter' (expected: counters)",
                "counters=totals&counters=interval | counters: given 2 times (expected: once)"
            })
    void ambiguousQuery_isRejected(String query, String error) {
        HttpResponse<String> response = send("PUT", "/node?" + query, "{\"num_msg_sent\":8}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains(error);
    }

    @Test
    void requestWithoutHost_isRejected() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", source.address().getPort())) {
            socket.getOutputStream().write("GET /node HTTP/1.1\r\nConnection: close\r\n\r\n".getBytes(UTF_8));

            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("Host: missing (expected: host or host:port)");
        }
    }

    @Test
    void put_rejected_changesNothing() {
        put("", "{\"num_clients\":7}");

        HttpResponse<String> response = send("PUT", "/node", "{\"num_clients\":8,\"num_channels\":-1}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body())
                .isEqualTo("{\"error\":{\"code\":400,\"message\":"
                        + "\"num_channels: -1 (expected: an integer, 0 to 9007199254740991)\"}}");
        assertThat(read().snapshot().number(Field.NUM_CLIENTS)).isEqualTo(7);
    }

    @Test
    void put_extrasAboveLimit_isRejectedCompletely() {
        put("", "{\"uid\":\"one\",\"num_clients\":7,\"extras\":" + extras("f", 40) + "}");

        HttpResponse<String> response = send("PUT", "/node", "{\"num_clients\":8,\"extras\":" + extras("g", 40) + "}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("extras: 80 names in all pushes of the node (expected: at most 64)");
        assertThat(read().snapshot().number(Field.NUM_CLIENTS)).isEqualTo(7);
        assertThat(read().extras().byName()).hasSize(40);
        put("", "{\"uid\":\"another\",\"extras\":" + extras("g", 40) + "}");
        assertThat(read().extras().byName()).hasSize(40);
    }

    private static String extras(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"" + name + i + "\":1")
                .collect(Collectors.joining(",", "{", "}"));
    }

    @Test
    void put_tooLarge_isRejected() {
        HttpResponse<String> response = send("PUT", "/node", " ".repeat(PushServer.MAX_BODY + 1));

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body())
                .isEqualTo(
                        "{\"error\":{\"code\":413,\"message\":\"body: too large (expected: at most 65536 bytes)\"}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /node?LONG HTTP/1.1~Host: a~~ | 414 | request line: too long (expected: at most 4096 bytes)",
                "GET /node HTTP/1.1~Host: a~X-A: LONG~~ | 431 | headers: too long (expected: at most 8192 bytes)",
                "PUT /node HTTP/1.1~Host: localhost~Content-Length: 70000~Expect: 100-continue~Connection: close~~"
                        + " | 413 | body: too large (expected: at most 65536 bytes)"
            })
    void requestTooLong_isRejected_withJsonError(String request, int status, String message) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", source.address().getPort())) {
            socket.getOutputStream()
                    .write(request.replace("~", "\r\n")
                            .replace("LONG", "x".repeat(10_000))
                            .getBytes(US_ASCII));
            if (status == 413) {
                socket.shutdownOutput();
            }

            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 " + status + " ")
                    .endsWith("{\"error\":{\"code\":" + status + ",\"message\":\"" + message + "\"}}");
        }
    }

    @Test
    void key_mayContainNonAsciiCharacters() throws IOException {
        open("kéy");
        try (Socket socket = new Socket("127.0.0.1", source.address().getPort())) {
            socket.getOutputStream()
                    .write("GET /node HTTP/1.1\r\nHost: a\r\nX-API-Key: kéy\r\nConnection: close\r\n\r\n"
                            .getBytes(UTF_8));

            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    void get_returnsKnownFieldsWithQualityAndAges() {
        assertThat(send("GET", "/node", null).statusCode()).isEqualTo(404);
        put("", "{\"num_clients\":7}");
        ticker.advance(Duration.ofSeconds(3));

        assertThat(send("GET", "/node", null).body())
                .startsWith("{\"node\":{\"uid\":\"uid-1\",\"name\":\"script_1\",")
                .contains(
                        "\"num_clients\":7,", "\"num_channels\":\"unavailable\"", "\"age_ms\":{\"num_clients\":3000}");
    }

    @Test
    void drain_isExecuted() {
        assertThat(send("GET", "/drain", null).statusCode()).isEqualTo(405);
        assertThat(drained).hasValue(0);

        assertThat(send("POST", "/drain", null).statusCode()).isEqualTo(204);
        assertThat(drained).hasValue(1);
    }

    @Test
    void browserRequest_isRejected() {
        // any other header is accepted
        assertThat(send("POST", "/drain", null, "X-Other", "x").statusCode()).isEqualTo(204);
        assertThat(send("POST", "/drain", null, "Origin", "http://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(drained).hasValue(1);
    }

    @Test
    void key_missingOrWrong_isRejected() {
        open("s3cret");

        assertThat(send("PUT", "/node", "{\"num_clients\":7}").statusCode()).isEqualTo(401);
        assertThat(send("PUT", "/node", "{\"num_clients\":7}", "X-API-Key", "wrong")
                        .statusCode())
                .isEqualTo(401);
        assertThat(send("PUT", "/node", "{\"num_clients\":7}", "X-API-Key", "s3cret")
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void listen_beyondLoopback_requiresKey() {
        InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 0);

        assertThatThrownBy(() ->
                        new PushSettings(everywhere, null, List.of(), Duration.ofMinutes(2), Duration.ofMinutes(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("listen: 0.0.0.0 without a key (expected: a loopback address");
        assertThat(new PushSettings(everywhere, "k", List.of(), Duration.ofMinutes(2), Duration.ofMinutes(5))
                        .toString())
                .doesNotContain("k=");
    }

    @Test
    void noPushes_fieldsAreStale_thenNodeIsGone() {
        put("", "{\"num_clients\":7}");
        ticker.advance(Duration.ofSeconds(121));
        put("", "{\"num_channels\":3}");

        assertThat(read().quality().byWireName())
                .containsEntry("num_clients", Quality.STALE)
                .doesNotContainKey("num_channels");

        ticker.advance(Duration.ofMinutes(5).plusSeconds(1));
        assertThat(read()).isNull();
        put("", "{\"num_channels\":4}");
        assertThat(read().quality().byWireName()).containsEntry("num_clients", Quality.UNAVAILABLE);
    }
}
