// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeState;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import io.tacho.testing.ManualTicker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PushRequestsTest {

    private final ManualTicker ticker = new ManualTicker();
    private final PushedNode node = new PushedNode(ticker);
    private NodeState current;
    private int drains;

    private static PushSettings settings(String address, String key, String... hosts) {
        return new PushSettings(
                new InetSocketAddress(address, 7023),
                key,
                List.of(hosts),
                Duration.ofMinutes(2),
                Duration.ofMinutes(5));
    }

    private static FullHttpRequest request(HttpMethod method, String uri, String body, String... headers) {
        FullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, uri, Unpooled.copiedBuffer(body, UTF_8));
        request.headers().set("Host", "localhost:7023");
        for (int i = 0; i < headers.length; i += 2) {
            request.headers().set(headers[i], headers[i + 1]);
        }
        return request;
    }

    private EmbeddedChannel channel(PushSettings settings) {
        return new EmbeddedChannel(new PushRequests(settings, node, () -> current, () -> drains++));
    }

    private String respond(PushSettings settings, FullHttpRequest request) {
        EmbeddedChannel channel = channel(settings);
        channel.writeInbound(request);
        FullHttpResponse response = channel.readOutbound();
        return response.status().code() + " " + response.content().toString(UTF_8);
    }

    private String respond(HttpMethod method, String uri, String body, String... headers) {
        return respond(settings("127.0.0.1", null), request(method, uri, body, headers));
    }

    private static String error(int status, String message) {
        return status + " {\"error\":{\"code\":" + status + ",\"message\":\"" + message + "\"}}";
    }

    @Test
    void put_updatesNode() {
        assertThat(respond(HttpMethod.PUT, "/node", "{\"num_clients\":7}")).isEqualTo("204 ");
        ticker.advance(Duration.ofSeconds(3));

        assertThat(node.ages()).containsEntry("num_clients", 3_000L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/node?x=1                       | query: 'x' (expected: counters)",
                "/node?counters=totals&counters= | counters: given 2 times (expected: once)",
                "/node?counters=all              | counters: 'all' (expected: totals or interval)",
            })
    void put_withInvalidQuery_isRejected(String uri, String message) {
        assertThat(respond(HttpMethod.PUT, uri, "{\"num_msg_sent\":7}")).isEqualTo(error(400, message));
        assertThat(node.ages()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST   | /node    | 405 | method: POST (expected: GET, PUT)",
                "DELETE | /node    | 405 | method: DELETE (expected: GET, PUT)",
                "GET    | /drain   | 405 | method: GET (expected: POST)",
                "GET    | /        | 404 | path: / (expected: /node or /drain)",
                "PUT    | /node/   | 404 | path: /node/ (expected: /node or /drain)",
                "GET    | /node    | 404 | node: not pushed yet, or too long ago (expected: PUT /node)",
            })
    void unknownRequest_isRejected_withExpectedRequest(String method, String uri, int status, String message) {
        assertThat(respond(HttpMethod.valueOf(method), uri, "")).isEqualTo(error(status, message));
        assertThat(drains).isZero();
    }

    @Test
    void drain_isExecuted() {
        assertThat(respond(HttpMethod.POST, "/drain", "")).isEqualTo("204 ");
        assertThat(drains).isEqualTo(1);
    }

    @Test
    void get_returnsNodeWithQualityAndAges() throws IOException {
        respond(HttpMethod.PUT, "/node", "{\"num_clients\":7,\"memory_sys\":9}");
        ticker.advance(Duration.ofMillis(1_500));
        current = new NodeState(
                NodeSnapshot.builder("u1", "n1").set(Field.NUM_CLIENTS, 7).build(),
                RecordedInterval.EMPTY,
                null,
                Map.of(),
                QualityFlags.of(Map.of(Field.CPU_USAGE, Quality.UNAVAILABLE, Field.NUM_CLIENTS, Quality.STALE)),
                null);

        String response = respond(HttpMethod.GET, "/node", "");

        assertThat(response).startsWith("200 ");
        JsonNode json = new ObjectMapper().readTree(response.substring(4));
        assertThat(json.path("node")).hasSize(Field.values().length);
        assertThat(json.at("/node/uid").asText()).isEqualTo("u1");
        assertThat(json.at("/node/num_clients").asInt()).isEqualTo(7);
        assertThat(json.path("quality").toString())
                .contains("\"cpu_usage\":\"unavailable\"", "\"num_clients\":\"stale\"");
        assertThat(json.path("age_ms").toString()).isEqualTo("{\"memory_sys\":1500,\"num_clients\":1500}");
    }

    @ParameterizedTest
    @CsvSource({"localhost, 204", "127.0.0.1:7023, 204", "own.example, 204", "evil.example, 421", "'', 204"})
    void host_withoutKey_mustBeAllowed(String host, int status) {
        FullHttpRequest request = request(HttpMethod.POST, "/drain", "", "Host", host);

        assertThat(respond(settings("127.0.0.1", null, "own.example"), request)).startsWith(status + " ");
        assertThat(drains).isEqualTo(status == 204 ? 1 : 0);
    }

    @Test
    void host_missing_isRejected() {
        FullHttpRequest request = request(HttpMethod.POST, "/drain", "");
        request.headers().remove("Host");

        assertThat(respond(settings("127.0.0.1", null), request))
                .isEqualTo(error(400, "Host: missing (expected: host or host:port)"));
    }

    @ParameterizedTest
    @CsvSource({"k-1, 204", "k-2, 401", "K-1, 401", "'', 401"})
    void key_isRequiredForAnyHost(String sent, int status) {
        FullHttpRequest request = request(HttpMethod.POST, "/drain", "", "Host", "evil.example", "X-API-Key", sent);

        assertThat(respond(settings("127.0.0.1", "k-1"), request))
                .startsWith(status + " ")
                .doesNotContain("k-1");
    }

    @Test
    void browserRequest_isRejected_evenWithKey() {
        FullHttpRequest request =
                request(HttpMethod.POST, "/drain", "", "Origin", "http://localhost", "X-API-Key", "k-1");

        assertThat(respond(settings("127.0.0.1", "k-1"), request))
                .isEqualTo(error(403, "Origin: present (expected: none, browsers are not supported)"));
    }

    @Test
    void malformedRequest_isRejected_connectionIsClosed() {
        Map<Throwable, Integer> statuses = Map.of(
                new TooLongHttpLineException("x"),
                414,
                new TooLongHttpHeaderException("x"),
                431,
                new IllegalArgumentException("x"),
                400);
        statuses.forEach((cause, status) -> {
            FullHttpRequest request = request(HttpMethod.POST, "/drain", "");
            request.setDecoderResult(DecoderResult.failure(cause));
            EmbeddedChannel channel = channel(settings("127.0.0.1", null));
            channel.writeInbound(request);

            FullHttpResponse response = channel.readOutbound();
            assertThat(response.status().code()).isEqualTo(status);
            assertThat(channel.isActive()).isFalse();
        });
        assertThat(drains).isZero();
    }

    @Test
    void connection_isKeptAlive_unlessClientClosesIt() {
        EmbeddedChannel channel = channel(settings("127.0.0.1", null));
        channel.writeInbound(request(HttpMethod.POST, "/drain", ""));
        assertThat(channel.isActive()).isTrue();

        channel.writeInbound(request(HttpMethod.POST, "/drain", "", "Connection", "close"));
        assertThat(channel.isActive()).isFalse();
        assertThat(drains).isEqualTo(2);
    }

    @Test
    void settings_withoutKey_requireLoopback() {
        assertThat(settings("0.0.0.0", "k-1")).hasToString("/0.0.0.0:7023");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("0.0.0.0", null))
                .withMessage(
                        "listen: 0.0.0.0 without a key (expected: a loopback address, or a key in TACHO_PUSH_KEY or a"
                                + " file)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("127.0.0.1", " "))
                .withMessage("push-key: empty (expected: a secret)");
    }
}
