// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.http.TestServer;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.testing.Windows;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryEndpointsIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Extras EXTRAS = new Extras(Map.of(
            "num_subs", Extra.gauge(75),
            "disconnects{code=\"3008\"}", Extra.counter(2, 14),
            "ping_pong", Extra.timer(Windows.histogram(425, 500, 500))));

    private final HttpClient http = HttpClient.newHttpClient();
    private final long slot = (System.currentTimeMillis() - 70_000) / 60_000 * 60_000;
    private final String span = "/history?from=" + (slot / 1_000 - 3_600) + "&to=" + (slot / 1_000 + 60);
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(1, null, 300);
        server.transport
                .publisher()
                .upload(Windows.batch("u0", 0, 1, Windows.minute(slot, 10, 5, 6).withExtras(EXTRAS)));
        server.becomeReady();
        await().until(() -> !fields().at("/nodes/60").isNull());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpRequest request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.build();
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return http.send(request(path, headers), HttpResponse.BodyHandlers.ofByteArray());
    }

    private JsonNode fields() throws Exception {
        return JSON.readTree(get(span).body()).path("fields");
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void history_json_isInColumns() throws Exception {
        JsonNode body = JSON.readTree(get(span + "&fields=num_msg_sent,nodes").body());

        assertThat(body.path("step").asInt()).isEqualTo(60);
        assertThat(body.path("times")).hasSize(61);
        assertThat(body.at("/times/60").asLong()).isEqualTo(slot / 1_000);
        assertThat(body.at("/windows/60").asInt()).isEqualTo(1);
        assertThat(body.path("fields").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("nodes", "num_msg_sent");
        assertThat(body.at("/fields/num_msg_sent/60").asInt()).isEqualTo(30);
        assertThat(body.at("/fields/num_msg_sent/59").isNull()).isTrue();
    }

    @Test
    void history_extras_areInColumns() throws Exception {
        JsonNode extras = JSON.readTree(get(span).body()).path("extras");

        assertThat(extras.properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("disconnects{code=\"3008\"}", "num_subs", "ping_pong");
        JsonNode subs = extras.path("num_subs");
        assertThat(subs.path("kind").asText() + " " + subs.path("rule").asText())
                .isEqualTo("gauge sum");
        assertThat(subs.path("value")).hasSize(61);
        assertThat(subs.at("/value/60").asInt()).isEqualTo(75);
        assertThat(subs.at("/value/59").isNull()).isTrue();
        JsonNode ping = extras.path("ping_pong");
        assertThat(ping.at("/count/60").asInt()).isEqualTo(3);
        assertThat(ping.at("/p50/60").asInt()).isBetween(495, 505);
        assertThat(ping.at("/max/60").asInt()).isEqualTo(500);
        assertThat(ping.path("p999")).hasSize(61);
    }

    @Test
    void history_requestedExtras_areReturned() throws Exception {
        assertThat(JSON.readTree(get(span + "&fields=nodes").body()).has("extras"))
                .isFalse();
        assertThat(JSON.readTree(get(span + "&extras=unknown").body()).has("extras"))
                .isFalse();
        assertThat(JSON.readTree(get(span + "&fields=nodes&extras=disconnects*&extras=num_subs")
                                .body())
                        .path("extras")
                        .properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("disconnects{code=\"3008\"}", "num_subs");
    }

    @Test
    void history_canBeCompressedAndRevalidated() throws Exception {
        HttpResponse<byte[]> plain = get(span);
        HttpResponse<byte[]> zipped = get(span, "Accept-Encoding", "gzip");

        assertThat(header(plain, "Cache-Control")).isEqualTo("no-cache");
        assertThat(header(zipped, "Content-Encoding")).isEqualTo("gzip");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes())
                .isEqualTo(plain.body());
        for (HttpResponse<byte[]> known : List.of(plain, zipped)) {
            HttpResponse<byte[]> again = get(span, "If-None-Match", header(known, "ETag"));
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
        }
    }

    @Test
    void history_invalidRequest_isRejected() throws Exception {
        HttpResponse<byte[]> rejected = get("/history?from=-24h&step=1s");

        assertThat(rejected.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(rejected.body()).at("/error/message").asText())
                .isEqualTo("step: 1 s makes 86400 steps (expected: at most 2000, so a step of at least 44 s)");
    }

    @Test
    void history_tooManyPendingRequests_areRejected() {
        CountDownLatch free = new CountDownLatch(1);
        server.executor.execute(() -> {
            try {
                free.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        List<CompletableFuture<Integer>> asked = IntStream.range(0, 150)
                .mapToObj(i -> http.sendAsync(request(span), HttpResponse.BodyHandlers.discarding())
                        .thenApply(HttpResponse::statusCode))
                .toList();
        await().until(() -> asked.stream().filter(CompletableFuture::isDone).count() == 50);
        free.countDown();

        assertThat(asked.stream().map(CompletableFuture::join).filter(status -> status == 503))
                .hasSize(50);
        assertThat(asked.stream().map(CompletableFuture::join).filter(status -> status == 200))
                .hasSize(100);
    }

    @Test
    void nodeSeries_andMembership() throws Exception {
        await().until(() ->
                !JSON.readTree(get("/nodes/u0/series").body()).path("end_ms").isEmpty());
        JsonNode series = JSON.readTree(get("/nodes/u0/series").body());

        assertThat(series.at("/start_ms/0").asLong()).isEqualTo(1_795_368_000_000L);
        assertThat(series.at("/fields/num_clients/0").asInt()).isEqualTo(4);
        assertThat(series.at("/fields/cpu_usage/0").asInt()).isEqualTo(22);
        assertThat(get("/nodes/unknown/series").statusCode()).isEqualTo(404);
        assertThat(get("/nodes/%00/series").statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(get("/membership").body()).path("changes")).isEmpty();
        assertThat(get("/series").statusCode()).isEqualTo(404);
    }
}
