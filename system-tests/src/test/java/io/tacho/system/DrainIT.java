// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.agent.Destination;
import io.tacho.agent.NodeAgent;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.publish.PublishSettings;
import io.tacho.agent.record.HostGauges;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.source.JvmSource;
import io.tacho.aggregator.AggregatorSettings;
import io.tacho.aggregator.api.ApiKeys;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.cli.drain.DrainMain;
import io.tacho.cli.program.Program;
import io.tacho.cli.terminal.HealthMain;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.redis.connection.RedisSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Commands of operators, from an aggregator through a real Redis to agents, and their acknowledgment. */
class DrainIT {

    private static final String KEY = "adm1n";
    private static final Duration BEAT = Duration.ofMillis(500);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final List<Boolean> calls = new CopyOnWriteArrayList<>();
    private EmbeddedRedis redis;
    private TestAggregator aggregator;

    @BeforeEach
    void start() throws Exception {
        redis = EmbeddedRedis.start();
        aggregator = aggregator();
    }

    @AfterEach
    void stop() throws Exception {
        aggregator.close();
        redis.close();
    }

    private TestAggregator aggregator() throws Exception {
        TestAggregator started = TestAggregator.start(
                AggregatorSettings.of(new InetSocketAddress("127.0.0.1", 0), RedisSettings.of(redis.uri()))
                        .withKeys(new ApiKeys(new ApiSecret(KEY), List.of())));
        await().atMost(TIMEOUT).until(started::isReady);
        return started;
    }

    private NodeAgent embedded() {
        return NodeAgent.builder()
                .redis(redis.uri())
                .name("a")
                .publishInterval(BEAT)
                .ttl(Duration.ofSeconds(2))
                .numClients(() -> 10)
                .capacity(1_000)
                .onDrain(calls::add)
                .start();
    }

    /** An agent of a node whose uid outlives the agent, as of a sidecar. */
    private NodeAgent sidecar() {
        PublishSettings settings = new PublishSettings(
                "sidecar-1", "b", Duration.ofSeconds(60), BEAT, Duration.ofSeconds(2), Duration.ZERO, null, 0);
        IntervalRecorder recorder = new IntervalRecorder();
        NodeAgent agent = NodeAgent.of(
                settings,
                recorder,
                new JvmSource(
                        settings.uid(),
                        settings.name(),
                        recorder,
                        HostGauges.NONE,
                        new ProcessSampler(),
                        System::nanoTime,
                        Duration.ofMillis(100)),
                Destination.redis(RedisSettings.of(redis.uri())));
        agent.start();
        return agent;
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(aggregator.url() + path))
                        .header("X-API-Key", KEY)
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    private String state(String uid) throws Exception {
        return new ObjectMapper()
                .readTree(send("GET", "/nodes/" + uid).body())
                .path("state")
                .asText();
    }

    private void awaitState(String uid, String state) {
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(state(uid)).isEqualTo(state));
    }

    @Test
    void drainAndUndrain_applyWithinABeat_andSurviveAnAggregatorRestart() throws Exception {
        try (NodeAgent agent = embedded()) {
            awaitState(agent.uid(), "live");
            long began = System.nanoTime();

            HttpResponse<String> drained = send("POST", "/nodes/" + agent.uid() + "/drain");

            // the longest time that is documented
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(BEAT.multipliedBy(2).plusSeconds(2));
            assertThat(drained.body())
                    .isEqualTo("{\"uid\":\"" + agent.uid() + "\",\"name\":\"a\",\"command\":\"drain\","
                            + "\"state\":\"draining\",\"changed\":true}");
            assertThat(state(agent.uid())).isEqualTo("draining");
            assertThat(agent.isDraining()).isTrue();
            await().untilAsserted(() -> assertThat(calls).containsExactly(true));

            assertThat(send("POST", "/nodes/" + agent.uid() + "/drain").body()).contains("\"changed\":false");
            aggregator.close();
            aggregator = aggregator();
            awaitState(agent.uid(), "draining");

            assertThat(send("POST", "/nodes/" + agent.uid() + "/undrain").body())
                    .contains("\"state\":\"live\",\"changed\":true");
            assertThat(agent.isDraining()).isFalse();
            await().untilAsserted(() -> assertThat(calls).containsExactly(true, false));

            agent.drain();
            awaitState(agent.uid(), "draining");
            HttpResponse<String> rejected = send("POST", "/nodes/" + agent.uid() + "/undrain");
            assertThat(rejected.statusCode()).isEqualTo(409);
            assertThat(rejected.body()).contains("the node itself has announced that it leaves");
        }
    }

    /** Runs a subcommand in this process; returns its status and what it printed. */
    private static String run(Object command, String... arguments) {
        StringWriter output = new StringWriter();
        CommandLine program = Program.commandLine(command, Map.of())
                .setOut(new PrintWriter(output))
                .setErr(new PrintWriter(output));
        return program.execute(arguments) + " " + output;
    }

    @Test
    void drainCommand_byName_changesTheReadinessOfTheNode() throws Exception {
        try (NodeAgent agent = embedded()) {
            awaitState(agent.uid(), "live");
            String checks = "127.0.0.1:"
                    + agent.listenForAgentChecks(new InetSocketAddress("127.0.0.1", 0))
                            .port();
            assertThat(run(new HealthMain(), "--ready", "--agent-check", checks))
                    .isEqualTo("0 ready up 99%\n");
            String[] aggregatorAndNode = {"--url", aggregator.url(), "--api-key", KEY, "a"};

            assertThat(run(new DrainMain.Drain(), aggregatorAndNode)).isEqualTo("0 a is draining\n");
            assertThat(run(new DrainMain.Drain(), aggregatorAndNode)).isEqualTo("0 a is draining, as it was before\n");
            assertThat(run(new HealthMain(), "--ready", "--agent-check", checks))
                    .startsWith("1 ")
                    .contains("the node is not ready: drain (expected: ready up)");

            assertThat(run(new DrainMain.Undrain(), "--url", aggregator.url(), "--api-key", KEY, agent.uid()))
                    .isEqualTo("0 a is live\n");
            assertThat(run(new HealthMain(), "--ready", "--agent-check", checks))
                    .isEqualTo("0 ready up 99%\n");
            assertThat(run(new DrainMain.Drain(), "--url", aggregator.url(), "--api-key", KEY, "b"))
                    .startsWith("2 ")
                    .contains("NODE: no node 'b' (expected: the name or the uid of one that 'tacho stats' lists)");
            assertThat(run(new DrainMain.Drain(), "--url", aggregator.url(), "--api-key", "wrong", "a"))
                    .contains("the aggregator rejects the key");
        }
        assertThat(run(new HealthMain(), "--ready", "--agent-check", "127.0.0.1:1"))
                .startsWith("1 ")
                .contains("no response from 127.0.0.1:1");
    }

    @Test
    void agentChecks_returnTheStateByName() throws Exception {
        int port = aggregator.listenForAgentChecks();
        try (NodeAgent agent = embedded()) {
            awaitState(agent.uid(), "live");
            assertThat(check(port, "a")).isEqualTo("ready up 99%");
            assertThat(check(port, "b")).isEqualTo("down #no node of this name");

            send("POST", "/nodes/" + agent.uid() + "/drain");

            assertThat(check(port, "a")).isEqualTo("drain");
        }
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(check(port, "a")).startsWith("down"));
    }

    private static String check(int port, String name) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write((name + "\n").getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    @Test
    void drain_agentRestarts_nodeStaysDraining() throws Exception {
        try (NodeAgent agent = sidecar()) {
            awaitState("sidecar-1", "live");
            assertThat(send("POST", "/nodes/sidecar-1/drain").statusCode()).isEqualTo(200);
        }
        awaitState("sidecar-1", "left");

        try (NodeAgent restarted = sidecar()) {
            awaitState("sidecar-1", "draining");
            assertThat(restarted.isDraining()).isTrue();
            assertThat(send("POST", "/nodes/sidecar-1/undrain").body()).contains("\"state\":\"live\"");
        }
    }
}
