// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.spring.chat.ChatApplication;
import io.tacho.store.SnapshotSource;
import io.tacho.testing.FreePorts;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The starter in an application with real clients and the Lettuce, Netty and Jackson versions of Spring Boot. */
class StarterIT {

    private static EmbeddedRedis redis;
    private static RedisTransport transport;
    private static SnapshotSource source;

    private ConfigurableApplicationContext application;

    @BeforeAll
    static void startRedis() throws Exception {
        redis = EmbeddedRedis.start();
        transport = new RedisTransport(RedisSettings.of(redis.uri()), new SnapshotCodec());
        source = transport.source();
    }

    @AfterAll
    static void stopRedis() {
        source.close();
        transport.close();
        redis.close();
    }

    @AfterEach
    void stop() {
        if (application != null) {
            application.close();
        }
    }

    private void start(String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.main.banner-mode=off",
                "--management.endpoint.health.show-details=always",
                "--management.endpoints.web.exposure.include=health,metrics",
                "--tacho.metrics-interval=1s"));
        all.addAll(List.of(arguments));
        application = SpringApplication.run(ChatApplication.class, all.toArray(new String[0]));
    }

    private int port() {
        return Integer.parseInt(application.getEnvironment().getRequiredProperty("local.server.port"));
    }

    private List<NodeSnapshot> nodes() throws Exception {
        return source.loadAll().toCompletableFuture().get(5, TimeUnit.SECONDS).stream()
                .map(stored -> stored.envelope().snapshot())
                .toList();
    }

    private NodeSnapshot node() throws Exception {
        return nodes().get(0);
    }

    private NodeTotals totals() {
        return application.getBean(IntervalRecorder.class).totals();
    }

    private JsonNode health() throws Exception {
        return new ObjectMapper().readTree(get("/actuator/health"));
    }

    private String get(String path) throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return response.body();
    }

    @Test
    void application_isVisibleWhileRunning() throws Exception {
        start("--tacho.redis=" + redis.uri(), "--tacho.address=web-1:8080", "--tacho.capacity=500");

        await().atMost(Duration.ofSeconds(5)).until(() -> !nodes().isEmpty());
        assertThat(source.loadAll().toCompletableFuture().get(5, TimeUnit.SECONDS))
                .allSatisfy(stored -> {
                    assertThat(stored.envelope().status().address()).isEqualTo("web-1:8080");
                    assertThat(stored.envelope().status().capacity()).isEqualTo(500);
                });
        assertThat(node().name()).endsWith("_" + port());
        await().untilAsserted(() ->
                assertThat(health().at("/components/tacho/status").asText()).isEqualTo("UP"));
        assertThat(health().at("/components/tacho/details/uid").asText()).isEqualTo(node().uid());

        application.close();
        assertThat(nodes()).isEmpty();
    }

    @Test
    void webSocket_framesBytesAndClients_matchClientCounts() throws Exception {
        start("--tacho.redis=" + redis.uri());
        try (WebSocketClient anna = new WebSocketClient(port(), "/echo");
                WebSocketClient bert = new WebSocketClient(port(), "/echo")) {
            for (int i = 0; i < 20; i++) {
                anna.send("message " + i);
            }
            bert.send("Grüße");
            await().until(() -> anna.framesIn.get() == 20 && bert.framesIn.get() == 1);

            await().untilAsserted(
                            () -> assertThat(node().number(Field.NUM_CLIENTS)).isEqualTo(2));
            NodeTotals totals = totals();
            assertThat(totals.numClientRequests()).isEqualTo(21);
            assertThat(totals.numMsgQueued()).isEqualTo(21);
            assertThat(totals.numMsgSent()).isEqualTo(21);
            assertThat(totals.bytesClientIn()).isEqualTo(anna.bytesOut.get() + bert.bytesOut.get());
            assertThat(totals.bytesClientOut()).isEqualTo(anna.bytesIn.get() + bert.bytesIn.get());
            assertThat(get("/actuator/metrics/tacho.messages.sent")).contains("\"value\":21.0");
            assertThat(get("/actuator/metrics/tacho.clients")).contains("\"value\":2.0");
        }
        await().untilAsserted(() -> assertThat(node().number(Field.NUM_CLIENTS)).isZero());
    }

    @Test
    void stomp_publicationsAndSubscriptionsAreRecorded() throws Exception {
        start("--tacho.redis=" + redis.uri());
        try (WebSocketClient anna = new WebSocketClient(port(), "/stomp");
                WebSocketClient bert = new WebSocketClient(port(), "/stomp")) {
            for (WebSocketClient client : List.of(anna, bert)) {
                client.stomp("CONNECT", "accept-version:1.2\nhost:localhost", "");
                await().until(() -> client.received().startsWith("CONNECTED"));
                client.stomp("SUBSCRIBE", "id:1\ndestination:/topic/news\nreceipt:r", "");
            }
            anna.stomp("SUBSCRIBE", "id:2\ndestination:/topic/chat", "");
            await().untilAsserted(
                            () -> assertThat(node().number(Field.NUM_CHANNELS)).isEqualTo(2));

            for (int i = 0; i < 10; i++) {
                anna.stomp("SEND", "destination:/topic/news", "news " + i);
            }
            await().until(() ->
                    anna.received().contains("news 9") && bert.received().contains("news 9"));

            await().untilAsserted(() -> {
                NodeTotals totals = totals();
                assertThat(totals.numMsgPublished()).isEqualTo(10);
                assertThat(totals.numMsgSent()).isEqualTo(anna.framesIn.get() + bert.framesIn.get());
                assertThat(totals.numMsgQueued()).isEqualTo(totals.numMsgSent());
                assertThat(totals.bytesClientOut()).isEqualTo(anna.bytesIn.get() + bert.bytesIn.get());
                assertThat(totals.numClientRequests()).isEqualTo(anna.framesOut.get() + bert.framesOut.get());
                assertThat(totals.bytesClientIn()).isEqualTo(anna.bytesOut.get() + bert.bytesOut.get());
            });
            anna.stomp("UNSUBSCRIBE", "id:2", "");
            await().untilAsserted(
                            () -> assertThat(node().number(Field.NUM_CHANNELS)).isEqualTo(1));
        }
        await().untilAsserted(() -> {
            assertThat(node().number(Field.NUM_CLIENTS)).isZero();
            assertThat(node().number(Field.NUM_CHANNELS)).isZero();
        });
    }

    @Test
    void withoutWebSocketSupport_clientsAreRecordedByApplication() {
        start("--tacho.redis=" + redis.uri(), "--tacho.websocket=false");
        application.getBean(IntervalRecorder.class).userConnected("anna");

        await().untilAsserted(() -> assertThat(node().number(Field.NUM_CLIENTS)).isEqualTo(1));
    }

    @Test
    void redisDown_applicationStarts() throws Exception {
        start("--tacho.redis=redis://127.0.0.1:" + FreePorts.any());

        assertThat(health().at("/components/tacho/status").asText()).isEqualTo("UNKNOWN");
        assertThat(health().at("/status").asText()).isEqualTo("UP");
        try (WebSocketClient client = new WebSocketClient(port(), "/echo")) {
            client.send("hello");
            await().until(() -> client.framesIn.get() == 1);
        }
    }

    @Test
    void disabled_agentIsNotCreated() throws Exception {
        start("--tacho.enabled=false");

        assertThat(application.getBeanNamesForType(TachoAgent.class)).isEmpty();
        assertThat(get("/actuator/health")).doesNotContain("tacho");
    }

    @Test
    void invalidSetting_isRejectedAtStartup() {
        assertThatThrownBy(() -> start("--tacho.redis=" + redis.uri(), "--tacho.ttl=1s"))
                .rootCause()
                .hasMessageContaining("ttl: 1s (expected: at least two publish intervals");
    }
}
