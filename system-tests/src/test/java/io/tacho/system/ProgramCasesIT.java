// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.agent.NodeAgent;
import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.process.ChildProcess;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.SnapshotPublisher;
import io.tacho.testing.FreePorts;
import io.tacho.testing.Snapshots;
import io.tacho.testing.TachoProgram;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings and environments from public bug reports, each named by its case. {@code -Dgroups=cases} runs them. */
@Tag("cases")
class ProgramCasesIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private static EmbeddedRedis redis;
    private static TestAggregator aggregator;

    @BeforeAll
    static void start() throws Exception {
        redis = EmbeddedRedis.start(0, "--user", "us:er", "on", ">pw", "~*", "&*", "+@all");
        aggregator = TestAggregator.start(redis.uri());
        for (String name : Case.input("names.txt").split("\n")) {
            publish("uid-" + name.hashCode(), name);
        }
        publish("host:8000/a/b", "slash");
        publish("..", "dots");
        publish("channel", "<!channel> & <img src=x onerror=alert(1)>");
        await().atMost(TIMEOUT).until(() -> aggregator.names().size() == 9);
    }

    @AfterAll
    static void stop() {
        aggregator.close();
        redis.close();
    }

    private static void publish(String uid, String name) throws Exception {
        try (RedisTransport transport = new RedisTransport(RedisSettings.of(redis.uri()), new SnapshotCodec());
                SnapshotPublisher publisher = transport.publisher()) {
            publisher
                    .publish(Snapshots.beat(uid, name, 1, 600_000))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        }
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static int status(String url, String key) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).header("X-API-Key", key).build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    private static ChildProcess ended(ChildProcess program, int status) throws Exception {
        assertThat(program.awaitExit()).as(program.log()).isEqualTo(status);
        return program;
    }

    /** Runs a shell script, which is stored in UTF-8 for any locale of the tests, and returns its output. */
    private String shell(String script) throws Exception {
        Path file = write("script", script);
        Process shell = new ProcessBuilder("/bin/sh", file.toString())
                .redirectError(directory.resolve("shell.err").toFile())
                .redirectOutput(directory.resolve("shell.out").toFile())
                .start();
        assertThat(shell.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                .as("the script succeeds")
                .isTrue();
        return Files.readString(directory.resolve("shell.out"), UTF_8);
    }

    private static String tacho(String... arguments) {
        return "'" + String.join("' '", TachoProgram.command(arguments)) + "'";
    }

    @Test
    void c17_encodedColonInTheUserOfAUri() throws Exception {
        try (ChildProcess agent = TachoProgram.start(
                "agent", "--name", "colon", "--redis", redis.uri().replace("//", "//us%3Aer:pw@"))) {
            await().atMost(TIMEOUT).until(() -> aggregator.names().contains("colon"));
            assertThat(agent.log()).doesNotContain("rejected");
        }
        await().atMost(TIMEOUT).until(() -> !aggregator.names().contains("colon"));
    }

    @Test
    void d06_charactersOfSlackInANotification() throws Exception {
        try (TestWebhook webhook = TestWebhook.start();
                ChildProcess evaluator = Programs.aggregator(
                        redis.uri(),
                        "--alerts",
                        write(
                                        "alerts",
                                        "webhook " + webhook.url()
                                                + "\nrule few nodes < 100\nrule busy num_clients > 3\n")
                                .toString())) {
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(String.join("\n", webhook.texts()))
                            .contains("&lt;!channel&gt; &amp; &lt;img src=x onerror=alert(1)&gt;", "nodes &lt; 100"));
            assertThat(webhook.texts()).noneMatch(text -> text.contains("<") || text.contains(">"));
            assertThat(evaluator.isAlive()).isTrue();
        }
    }

    @Test
    void d08_emojiInATable() throws Exception {
        try (ChildProcess stats =
                TachoProgram.start("stats", "--columns", "name,num_clients", "--url", aggregator.url())) {
            List<Integer> cells = ended(stats, 0)
                    .out()
                    .lines()
                    // two cells each
                    .map(line -> line.replaceAll("\\p{IsHan}|[✅⭐⚡🚀]", "WW").length())
                    .distinct()
                    .toList();
            assertThat(cells).as(stats.out()).hasSize(1);
        }
    }

    @Test
    void e01_serviceVariablesOfKubernetes() throws Exception {
        Map<String, String> variables = Map.of(
                "TACHO_REDIS_PORT", "tcp://10.0.0.2:6379",
                "TACHO_PORT", "tcp://10.0.0.3:80",
                "TACHO_REDIS_SERVICE_HOST", "10.0.0.2");
        try (ChildProcess demo =
                TachoProgram.start(variables, "demo", "--port", "0", "--nodes", "1", "--clients", "1", "--rate", "1")) {
            await().atMost(TIMEOUT).untilAsserted(() -> assertThat(demo.out()).contains("Ctrl-C ends the demo."));
        }
    }

    @Test
    void e04_localeWithoutUtf8() throws Exception {
        String agent = tacho("agent", "--dry-run");
        String ascii = "env -u LANG LC_ALL=C ";

        String byVariable = shell(ascii + "TACHO_NAME='Zürich-世界' " + agent + " | head -n 1\n");
        String byOption = shell(ascii + agent + " --name 'Zürich-世界' | head -n 1\n");
        String stats = shell(ascii + tacho("stats", "--json", "--url", aggregator.url()) + "\n");

        assertThat(JSON.readTree(byVariable).at("/node/name").asText()).isEqualTo("Zürich-世界");
        assertThat(JSON.readTree(byOption).at("/node/name").asText()).isEqualTo("Zürich-世界");
        assertThat(JSON.readTree(stats).at("/data/nodes").findValuesAsText("name"))
                .contains("世界-节点-1", "🚀 rocket");
    }

    /** As a user starts it: with the jar, its manifest and the options of the launcher; with all libraries in use. */
    @Test
    void e08_jsonLogOfTheLauncher() throws Exception {
        Map<String, String> environment = Map.of("JAVA_HOME", System.getProperty("java.home"));
        // builds what is missing, and writes the class-data archives
        try (ChildProcess version =
                ChildProcess.start("version", List.of("../tacho", "aggregator", "--version"), directory, environment)) {
            assertThat(version.awaitEnd(Duration.ofMinutes(5)))
                    .as(version.log())
                    .isTrue();
        }
        List<String> command = List.of(
                "../tacho", "aggregator", "--listen=127.0.0.1:0", "--log-format=json", "--redis=" + redis.uri());
        try (NodeAgent agent = NodeAgent.builder()
                        .redis(redis.uri())
                        .name("users")
                        .publishInterval(Duration.ofSeconds(1))
                        .start();
                ChildProcess program = ChildProcess.start("aggregator", command, directory, environment)) {
            agent.recorder().userConnected("u1");
            String url = program.awaitAddress(TIMEOUT);
            // the union of sketches
            await().atMost(TIMEOUT)
                    .until(() -> JSON.readTree(URI.create(url + "/cluster").toURL())
                                    .at("/merged/num_unique_clients/union/estimate")
                                    .asLong()
                            >= 1);
            program.terminate();
            assertThat(program.awaitExit()).isEqualTo(128 + 15);
            assertThat(program.log().lines()).isNotEmpty().allSatisfy(line -> {
                JsonNode event = JSON.readTree(line);
                assertThat(event.path("message").asText()).isNotEmpty();
            });
        }
    }

    @Test
    void g02_byteOrderMarksAndLineEndsInFiles() throws Exception {
        Path config = write("config", BYTE_ORDER_MARK + "redis = redis://127.0.0.1:24001\r\nname = trail  \r\n");
        try (ChildProcess agent = TachoProgram.start("agent", "--print-config", "--config", config.toString())) {
            assertThat(ended(agent, 0).out()).contains("\nredis = redis://127.0.0.1:24001\n", "\nname = trail\n");
        }
        Path alerts = write("alerts", BYTE_ORDER_MARK + "webhook http://127.0.0.1:1/x\r\nrule a lost\r\n");
        try (ChildProcess check = TachoProgram.start("aggregator", "--check-alerts", alerts.toString())) {
            assertThat(ended(check, 0).out()).contains("rule a  lost");
        }
        Path keys = write("keys", "read-1\r\nread-2  \n# c\n" + BYTE_ORDER_MARK + "read-3\n");
        try (ChildProcess keyed = Programs.aggregator(redis.uri(), "--read-keys-file", keys.toString())) {
            String url = keyed.awaitAddress(TIMEOUT) + "/stats";
            for (String key : List.of("read-1", "read-2", "read-3")) {
                assertThat(status(url, key)).as(key).isEqualTo(200);
            }
            assertThat(status(url, "read-4")).isEqualTo(401);
        }
        Path mapping = write("mapping", BYTE_ORDER_MARK + "chat.sent = num_msg_sent\r\n");
        int port = FreePorts.any();
        try (ChildProcess agent = TachoProgram.start(
                        "agent",
                        "--dry-run",
                        "--source=statsd",
                        "--listen=127.0.0.1:" + port,
                        "--mapping=" + mapping,
                        "--metrics-interval=1s");
                DatagramSocket client = new DatagramSocket()) {
            byte[] line = "chat.sent:1|c".getBytes(UTF_8);
            await().atMost(TIMEOUT).until(() -> {
                client.send(new DatagramPacket(line, line.length, new InetSocketAddress("127.0.0.1", port)));
                return Case.sum(agent, "num_msg_sent") > 0;
            });
        }
    }

    @Test
    void g03_lineEndInTheVariableOfASecret() throws Exception {
        Map<String, String> secrets = Map.of(
                "TACHO_REDIS", redis.uri(),
                "TACHO_REDIS_USER", "us:er",
                "TACHO_REDIS_PASSWORD", "pw\n",
                "TACHO_API_SECRET", "s3cret\n");
        try (ChildProcess keyed = TachoProgram.start(secrets, "aggregator", "--listen", "127.0.0.1:0")) {
            String url = keyed.awaitAddress(TIMEOUT);
            assertThat(status(url + "/stats", "s3cret")).isEqualTo(200);
            await().atMost(TIMEOUT).until(() -> status(url + "/-/ready", "s3cret") == 200);
        }
    }

    /** A proxy that decodes the path of a request passes its query on unchanged. */
    @Test
    void g04_uidsThatDoNotSurviveInAPath() throws Exception {
        for (String query : List.of("host%3A8000%2Fa%2Fb", "host:8000/a/b")) {
            assertThat(aggregator.get("/node?uid=" + query).at("/stats/name").asText())
                    .as(query)
                    .isEqualTo("slash");
        }
        assertThat(aggregator.get("/node?uid=..").at("/stats/name").asText()).isEqualTo("dots");
    }

    @Test
    void g06_readerOfAPipeThatEnds() throws Exception {
        String watch = tacho("stats", "--csv", "--watch", "200ms", "--url", aggregator.url());

        assertThat(shell(watch + " | head -n 2\n").lines()).hasSize(2);
        assertThat(shell(tacho("top", "--json", "--watch", "200ms", "--url", aggregator.url()) + " | head -n 1\n"))
                .contains("\"nodes\"");
    }
}
