// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.process.ChildProcess;
import io.tacho.testing.FreePorts;
import io.tacho.testing.Resources;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests alerts in a real Alertmanager, which notifies a separate webhook. */
class AlertmanagerIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    @AutoClose
    private final Resources resources = new Resources();

    private EmbeddedRedis redis;
    private BeatingNodes nodes;
    private TestWebhook team;
    private List<String> command;
    private String alertmanager;
    private ChildProcess process;
    private Path file;

    @BeforeEach
    void start() throws Exception {
        Path program = InstalledProgram.require("prometheus-alertmanager", "prometheus-alertmanager");
        redis = resources.closeLater(EmbeddedRedis.start());
        team = resources.closeLater(TestWebhook.start());
        int port = FreePorts.any();
        command = List.of(
                program.toString(),
                "--config.file=" + directory.resolve("alertmanager.yml"),
                "--storage.path=" + directory.resolve("storage"),
                "--web.listen-address=127.0.0.1:" + port,
                "--cluster.listen-address=");
        alertmanager = "http://127.0.0.1:" + port;
        Files.writeString(directory.resolve("alertmanager.yml"), """
                route:
                  receiver: team
                  group_by: [cluster, alertname]
                  group_wait: 1s
                  group_interval: 1s
                receivers:
                  - name: team
                    webhook_configs:
                      - url: %s
                """.formatted(team.url()));
        process = startAlertmanager();
        file = Files.writeString(directory.resolve("alerts"), """
                rule node-lost lost severity=critical
                alertmanager %s
                external-url https://tacho.example/
                """.formatted(alertmanager));
        nodes = resources.closeLater(new BeatingNodes(redis.uri()));
    }

    private ChildProcess startAlertmanager() throws IOException {
        ChildProcess started = resources.closeLater(ChildProcess.start("alertmanager", command, directory));
        await().atMost(TIMEOUT).ignoreExceptions().until(() -> send(alertmanager + "/-/ready"), "OK"::equals);
        return started;
    }

    private static String send(String url) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body()
                .strip();
    }

    /** Returns the firing alerts, as the Alertmanager lists them. */
    private JsonNode listed() throws Exception {
        return JSON.readTree(send(alertmanager + "/api/v2/alerts"));
    }

    private static Instant time(JsonNode alerts, String member) {
        return Instant.parse(alerts.at("/0/" + member).asText());
    }

    private TestAggregator aggregator() throws Exception {
        TestAggregator aggregator = resources.closeLater(TestAggregator.start(redis.uri()));
        aggregator.setAlertConfig(file);
        return aggregator;
    }

    @Test
    void threeAggregators_leaderEnds_alertStaysFiringUntilItsResolution() throws Exception {
        nodes.start("a", "b");
        ChildProcess leader = resources.closeLater(Programs.aggregator(redis.uri(), "--alerts", file.toString()));
        await().atMost(TIMEOUT).until(() -> leader.log().contains("following 2 nodes"));
        nodes.lose("a");
        await().atMost(TIMEOUT).until(() -> listed().size() == 1);
        List<TestAggregator> others = List.of(aggregator(), aggregator());
        for (TestAggregator other : others) {
            other.awaitNodes("b");
            await().atMost(TIMEOUT).until(() -> other.alerts().path("firing").asInt() == 1);
            assertThat(other.alerts().path("leader").asBoolean()).isFalse();
        }

        JsonNode first = listed();
        JsonNode known = others.get(0).alerts();
        JsonNode labels = JSON.readTree("""
                {"alertname":"node-lost","severity":"critical","node":"a","uid":"a","cluster":"tacho"}""");
        assertThat(first.at("/0/labels")).isEqualTo(labels);
        assertThat(first.at("/0/annotations/summary").asText()).isEqualTo("a: lost");
        assertThat(first.at("/0/generatorURL").asText()).isEqualTo("https://tacho.example/?node=a");
        assertThat(first.at("/0/status/state").asText()).isEqualTo("active");
        assertThat(time(first, "startsAt")).isEqualTo(time(known.path("alerts"), "startsAt"));

        Instant killed = Instant.now();
        leader.kill();
        // the next leader posts the alert again, with the same labels
        await().atMost(TIMEOUT).until(() -> time(listed(), "updatedAt").isAfter(killed));
        JsonNode second = listed();
        assertThat(second).hasSize(1);
        assertThat(second.at("/0/fingerprint")).isEqualTo(first.at("/0/fingerprint"));
        assertThat(time(second, "startsAt")).isEqualTo(time(first, "startsAt"));
        assertThat(time(second, "endsAt")).isAfter(time(first, "endsAt"));

        nodes.start("a");
        await().atMost(TIMEOUT).until(() -> listed().isEmpty());
        await().atMost(TIMEOUT).until(() -> team.messages.size() == 2);
        assertThat(team.messages)
                .extracting(message -> message.path("status").asText())
                .containsExactly("firing", "resolved");
        assertThat(team.messages).allSatisfy(message -> {
            assertThat(message.path("alerts")).hasSize(1);
            assertThat(message.at("/alerts/0/labels")).isEqualTo(labels);
        });
        assertThat(team.messages.get(1).at("/alerts/0/annotations/reason").asText())
                .isEqualTo("the node is back");
        assertThat(time(team.messages.get(1).path("alerts"), "endsAt")).isAfter(killed);
    }

    @Test
    void amtool_listsTheAlert() throws Exception {
        Path amtool = InstalledProgram.require("amtool", "prometheus-alertmanager");
        nodes.start("a", "b");
        TestAggregator aggregator = aggregator();
        aggregator.awaitNodes("a", "b");
        nodes.lose("b");
        await().atMost(TIMEOUT).until(() -> listed().size() == 1);

        ChildProcess query = resources.closeLater(ChildProcess.start(
                "amtool",
                List.of(amtool.toString(), "--alertmanager.url=" + alertmanager, "alert", "query", "severity=critical"),
                directory));
        assertThat(query.awaitExit()).isZero();
        assertThat(query.out()).contains("node-lost", "b: lost", "active");
    }

    @Test
    void alertmanagerRestarts_firingAlertIsPostedAgain() throws Exception {
        nodes.start("a", "b");
        TestAggregator aggregator = aggregator();
        aggregator.awaitNodes("a", "b");
        process.kill();
        nodes.lose("a");
        await().atMost(TIMEOUT)
                .until(() -> aggregator.alerts().at("/notifications/0/error").asText(), "cannot connect"::equals);
        assertThat(aggregator.alerts().at("/notifications/0/receiver").asText())
                .isEqualTo("alertmanager " + alertmanager + "/***");

        startAlertmanager();
        await().atMost(TIMEOUT).until(() -> listed().size() == 1);
    }
}
