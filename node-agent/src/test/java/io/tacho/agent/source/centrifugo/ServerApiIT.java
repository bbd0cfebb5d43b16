// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.scrape.ScrapeSettings;
import io.tacho.agent.source.scrape.ScrapedSources;
import io.tacho.testing.ManualTicker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerApiIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final long startedAt = InstantSource.system().millis() / 1_000 - 100;
    private HttpServer server;
    private int status = 200;
    private String info = "{\"result\":{\"nodes\":[{\"uid\":\"c-1\",\"name\":\"chat_8000\",\"uptime\":UPTIME}]}}";
    private volatile String received = "";
    private volatile int requests;
    private volatile int restartedAfter;
    private String metrics = metrics(startedAt, 5);

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api", exchange -> {
            received = exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            requests++;
            long uptime = InstantSource.system().millis() / 1_000 - startedAt - restartedAfter;
            byte[] body = info.replace("UPTIME", Long.toString(uptime)).getBytes(UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static String metrics(long startedAt, long sent) {
        return "centrifugo_node_num_clients 7\ncentrifugo_transport_messages_sent " + sent
                + "\nprocess_start_time_seconds " + startedAt + "\n";
    }

    private NodeSource source(String name) {
        ScrapeSettings settings = new ScrapeSettings(
                URI.create("http://rt-1.example:9000/metrics"), null, null, null, null, TIMEOUT, TIMEOUT);
        ServerApi api = new ServerApi(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api"), "k3y", null, TIMEOUT);
        CentrifugoNode node = new CentrifugoNode(settings, name, new ProcessSampler(), OtherProcess.none(), api, null);
        return ScrapedSources.of(
                settings,
                CentrifugoSource.FORM,
                node,
                () -> CompletableFuture.completedFuture(metrics),
                new ManualTicker());
    }

    private static String read(NodeSource source) throws Exception {
        source.refresh().toCompletableFuture().get(10, TimeUnit.SECONDS);
        var snapshot = source.read(RecordedInterval.EMPTY).snapshot();
        return snapshot.uid() + " " + snapshot.name();
    }

    @Test
    void identity_isReadFromInfo_oncePerNodeStart() throws Exception {
        NodeSource source = source(null);

        assertThat(read(source)).isEqualTo("c-1 chat_8000");
        assertThat(read(source)).isEqualTo("c-1 chat_8000");
        assertThat(received).isEqualTo("apikey k3y {\"method\":\"info\",\"params\":{}}");
        assertThat(requests).isEqualTo(1);

        metrics = metrics(startedAt + 50, 1);
        restartedAfter = 50;
        info = info.replace("c-1", "c-2");
        assertThat(read(source)).isEqualTo("c-2 chat_8000");
    }

    @Test
    void name_configured_takesPrecedence() throws Exception {
        assertThat(read(source("mine"))).isEqualTo("c-1 mine");
    }

    @Test
    void identity_infoRejected_isDerivedFromAddress() throws Exception {
        status = 401;

        assertThat(read(source(null))).endsWith(" rt-1.example_9000").doesNotStartWith("c-1");
    }

    @Test
    void url_invalid_isRejected() {
        assertThatThrownBy(() -> new ServerApi(URI.create("ftp://u:secret@h/api"), null, null, TIMEOUT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("source-api: 'ftp://")
                .hasMessageNotContaining("secret");
    }
}
