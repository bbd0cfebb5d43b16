// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.agent.record.IntervalRecorder;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.NodeTotals;
import io.tacho.spring.reactive.ReactiveChatApplication;
import io.tacho.spring.websocket.ClientSessions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The starter in a Spring WebFlux application with real clients. */
class ReactiveStarterIT {

    private EmbeddedRedis redis;
    private ConfigurableApplicationContext application;

    @BeforeEach
    void start() throws Exception {
        redis = EmbeddedRedis.start();
        application = SpringApplication.run(
                ReactiveChatApplication.class,
                "--spring.main.web-application-type=reactive",
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.main.banner-mode=off",
                "--tacho.redis=" + redis.uri());
    }

    @AfterEach
    void stop() {
        application.close();
        redis.close();
    }

    private WebSocketClient client(String path) throws Exception {
        String port = application.getEnvironment().getRequiredProperty("local.server.port");
        return new WebSocketClient(Integer.parseInt(port), path);
    }

    private NodeTotals totals() {
        return application.getBean(IntervalRecorder.class).totals();
    }

    private long clients() {
        return application.getBean(ClientSessions.class).size();
    }

    private long users() {
        return application.getBean(TachoAgent.class).gauges().numUniqueClients().getAsLong();
    }

    @Test
    void webSocket_framesAndBytes_matchClientCounts() throws Exception {
        try (WebSocketClient anna = client("/echo");
                WebSocketClient bert = client("/echo")) {
            for (int i = 0; i < 20; i++) {
                anna.send("message " + i);
            }
            bert.send("Grüße");
            await().until(() -> anna.framesIn.get() == 20 && bert.framesIn.get() == 1);

            await().untilAsserted(() -> {
                NodeTotals totals = totals();
                assertThat(totals.numClientRequests()).isEqualTo(21);
                assertThat(totals.numMsgQueued()).isEqualTo(21);
                assertThat(totals.numMsgSent()).isEqualTo(21);
                assertThat(totals.bytesClientIn()).isEqualTo(anna.bytesOut.get() + bert.bytesOut.get());
                assertThat(totals.bytesClientOut()).isEqualTo(anna.bytesIn.get() + bert.bytesIn.get());
            });
        }
    }

    @Test
    void sessionsAndUsers_areCountedWhileConnected() throws Exception {
        await().until(() -> application.getBean(TachoAgent.class).isPublished());
        try (WebSocketClient one = client("/echo?user=anna");
                WebSocketClient two = client("/echo?user=anna");
                WebSocketClient three = client("/echo")) {
            await().untilAsserted(() -> {
                assertThat(clients()).isEqualTo(3);
                assertThat(users()).isEqualTo(1);
            });
        }
        await().untilAsserted(() -> {
            assertThat(clients()).isZero();
            assertThat(users()).isZero();
        });
    }
}
