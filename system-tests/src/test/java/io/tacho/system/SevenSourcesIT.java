// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.tacho.agent.Destination;
import io.tacho.agent.NodeAgent;
import io.tacho.agent.process.OshiProbe;
import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.publish.PublishSettings;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.centrifugo.CentrifugoSource;
import io.tacho.agent.source.prometheus.PrometheusSource;
import io.tacho.agent.source.push.PushSettings;
import io.tacho.agent.source.push.PushSource;
import io.tacho.agent.source.scrape.ScrapeSettings;
import io.tacho.agent.source.statsd.StatsdSettings;
import io.tacho.agent.source.statsd.StatsdSource;
import io.tacho.process.ChildProcess;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.FreePorts;
import io.tacho.testing.RedisExtension;
import io.tacho.testing.TachoProgram;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A node of each kind of source in one response: an application with the library, the agent program itself, sidecars of a Centrifugo,
 * of a program with Prometheus metrics, of one with StatsD and of one that pushes, and a shell with redis-cli. Each is killed
 * without notice, and lost.
 */
class SevenSourcesIT {

    private static final Duration TTL = Duration.ofSeconds(6);
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration GONE_AFTER = Duration.ofSeconds(4);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Path CAPTURED = Path.of("../node-agent/src/test/resources/io/tacho/agent/source");
    private static final Pattern SHELL =
            Pattern.compile("<!-- tested by WireContractIT[^>]*-->\n```bash\n(.*?)```", Pattern.DOTALL);

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private final List<ChildProcess> programs = new ArrayList<>();
    private final List<NodeAgent> sidecars = new ArrayList<>();
    private final List<HttpServer> servers = new ArrayList<>();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void stop() {
        programs.forEach(ChildProcess::close);
        sidecars.forEach(NodeAgent::close);
        servers.forEach(server -> server.stop(0));
        executor.shutdownNow();
        processes.forEach(Process::destroyForcibly);
    }

    /** {@return an action that kills each node without notice, by node name} */
    private Map<String, Runnable> startAll() throws Exception {
        Map<String, Runnable> kills = new TreeMap<>();
        ChildProcess self = TachoProgram.start(
                "agent",
                "--name=self",
                "--redis=" + REDIS.settings().uri(),
                "--address=self.example:8000",
                "--publish-interval=1s",
                "--ttl=" + TTL.toSeconds() + "s");
        programs.add(self);
        kills.put("self", self::kill);
        Process embedded = process(new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddingHost.class.getName(),
                REDIS.settings().uri(),
                TTL.toString()));
        kills.put("embedded", embedded::destroyForcibly);
        HttpServer centrifugo = metrics(CAPTURED.resolve("centrifugo/sample_metrics_v6.txt"));
        sidecar(
                "centrifugo",
                (uid, recorder) ->
                        CentrifugoSource.of(scraped(centrifugo), "centrifugo", OtherProcess.none(), null, null));
        kills.put("centrifugo", () -> centrifugo.stop(0));
        HttpServer soketi = metrics(CAPTURED.resolve("prometheus/soketi_1.txt"));
        sidecar(
                "prometheus",
                (uid, recorder) -> PrometheusSource.of(scraped(soketi), "soketi", "prometheus", OtherProcess.none()));
        kills.put("prometheus", () -> soketi.stop(0));
        Process measured = process(new ProcessBuilder("sleep", "600"));
        InetSocketAddress statsd = new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePorts.any());
        sidecar(
                "statsd",
                (uid, recorder) -> new StatsdSource(
                        new StatsdSettings(statsd, null, null, TIMEOUT, TIMEOUT.multipliedBy(10)),
                        uid,
                        "statsd",
                        recorder,
                        observed(measured),
                        true));
        send(statsd);
        kills.put("statsd", measured::destroyForcibly);
        Process pushing = process(new ProcessBuilder("sleep", "600"));
        InetSocketAddress push = new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePorts.any());
        sidecar(
                "push",
                (uid, recorder) -> new PushSource(
                        new PushSettings(push, null, List.of(), TIMEOUT, TIMEOUT.multipliedBy(10)),
                        uid,
                        "push",
                        observed(pushing),
                        true));
        push(push);
        kills.put("push", pushing::destroyForcibly);
        Process shell = process(shell());
        kills.put("my_node", shell::destroyForcibly);
        return kills;
    }

    /** Starts an agent in this process, which outlives the node that it reports. */
    private void sidecar(String name, BiFunction<String, IntervalRecorder, NodeSource> source) {
        PublishSettings settings =
                PublishSettings.of(name, BEAT, BEAT, TTL, null).withAddress(name + ".example:8000");
        IntervalRecorder recorder = new IntervalRecorder();
        NodeAgent agent = NodeAgent.of(
                settings,
                recorder,
                source.apply(settings.uid(), recorder),
                Destination.redis(RedisSettings.of(REDIS.settings().uri())));
        agent.start();
        sidecars.add(agent);
    }

    private static ScrapeSettings scraped(HttpServer server) {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/metrics");
        return new ScrapeSettings(url, null, null, null, null, BEAT, GONE_AFTER);
    }

    private static OtherProcess observed(Process process) {
        return new OtherProcess(
                OshiProbe.ofPid(Math.toIntExact(process.pid())), InstantSource.system(), System::nanoTime);
    }

    private Process process(ProcessBuilder command) throws IOException {
        Process started = command.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(started);
        return started;
    }

    private HttpServer metrics(Path captured) throws IOException {
        byte[] body = Files.readAllBytes(captured);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.setExecutor(executor);
        server.start();
        servers.add(server);
        return server;
    }

    /** {@return a loop of the commands of core/README.md with a shorter TTL} */
    private static ProcessBuilder shell() throws IOException {
        Matcher documented = SHELL.matcher(Files.readString(Path.of("../core/README.md")));
        assertThat(documented.find()).isTrue();
        String commands = documented.group(1).replace("ttl=15000", "ttl=" + TTL.toMillis());
        assertThat(commands).contains("ttl=" + TTL.toMillis());
        ProcessBuilder bash = new ProcessBuilder("bash", "-c", "while true; do " + commands + "sleep 0.5; done");
        bash.environment().put("TACHO_REDIS", REDIS.settings().uri());
        bash.environment().merge("PATH", ":" + Path.of("../core/src/test/bin").toAbsolutePath(), String::concat);
        return bash;
    }

    private static void send(InetSocketAddress agent) throws IOException {
        byte[] packet = "tacho.num_clients:5|g".getBytes(UTF_8);
        try (DatagramSocket client = new DatagramSocket()) {
            client.send(new DatagramPacket(packet, packet.length, agent));
        }
    }

    private static void push(InetSocketAddress agent) throws Exception {
        HttpRequest put = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + agent.getPort() + "/node"))
                .PUT(BodyPublishers.ofString("{\"num_clients\":5}"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(put, BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(204);
    }

    /** An application with the library, and nothing else. */
    static final class EmbeddingHost {

        private EmbeddingHost() {}

        public static void main(String[] arguments) throws InterruptedException {
            NodeAgent agent = NodeAgent.builder()
                    .redis(arguments[0])
                    .name("embedded")
                    .publishInterval(Duration.ofSeconds(1))
                    .ttl(Duration.parse(arguments[1]))
                    .start();
            agent.recorder().counter("jobs").increment();
            new CountDownLatch(1).await();
        }
    }

    @Test
    void sevenSources_areInOneResponse_killedNodesAreLost() throws Exception {
        try (TestAggregator aggregator =
                TestAggregator.start(RedisSettings.of(REDIS.settings().uri()))) {
            Map<String, Runnable> kills = startAll();
            assertThat(kills).hasSize(7);
            await().atMost(TIMEOUT)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(aggregator.names()).containsExactlyElementsOf(kills.keySet()));
            assertThat(aggregator.get("/nodes?name=push").at("/nodes/0/address").asText())
                    .isEqualTo("push.example:8000");
            List<String> uids = new ArrayList<>();
            aggregator
                    .stats()
                    .path("nodes")
                    .forEach(node -> uids.add(node.path("uid").asText()));

            kills.values().forEach(Runnable::run);

            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(changes(aggregator, "lost")).containsAll(uids));
            assertThat(aggregator.names()).isEmpty();
            assertThat(changes(aggregator, "left")).isEmpty();
        }
    }

    private static List<String> changes(TestAggregator aggregator, String kind) throws Exception {
        List<String> uids = new ArrayList<>();
        for (JsonNode change : aggregator.get("/membership").path("changes")) {
            if (change.path("change").asText().equals(kind)) {
                uids.add(change.path("uid").asText());
            }
        }
        return uids;
    }
}
