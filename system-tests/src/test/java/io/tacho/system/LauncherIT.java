// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./tacho}, as a newcomer runs it. */
class LauncherIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Pattern URL = Pattern.compile("curl (http://127\\.0\\.0\\.1:\\d+)/stats");

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    private Process launcher;
    private Path output;

    private void tacho(String... arguments) throws IOException {
        // with Ctrl-C as a terminal has it: whoever runs the tests in the background ignores it, and so would all
        // children
        List<String> command = new ArrayList<>(List.of("perl", "-e", "$SIG{INT} = 'DEFAULT'; exec @ARGV", "../tacho"));
        command.addAll(List.of(arguments));
        output = directory.resolve("output");
        launcher = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    @AfterEach
    void end() {
        launcher.descendants().forEach(ProcessHandle::destroyForcibly);
        launcher.destroyForcibly();
    }

    private String output() throws IOException {
        return Files.readString(output);
    }

    private String awaitUp() {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(output()).contains("Ctrl-C ends it."));
        try {
            Matcher url = URL.matcher(output());
            assertThat(url.find()).isTrue();
            return url.group(1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private JsonNode nodes(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/stats")).build();
        return json.readTree(
                        http.send(request, HttpResponse.BodyHandlers.ofString()).body())
                .at("/data/nodes");
    }

    private static void signal(String signal, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
    }

    private static void awaitGone(List<ProcessHandle> processes) {
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(processes).noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void demo_upBusyAndGoneWithCtrlC_alsoWhenANodeDiedBefore() throws Exception {
        tacho("demo", "--port", "0", "--nodes", "3");
        String url = awaitUp();
        List<ProcessHandle> started = launcher.descendants().toList();

        JsonNode nodes = nodes(url);
        assertThat(nodes).hasSize(3).allSatisfy(node -> {
            assertThat(node.path("name").asText()).startsWith("demo-");
            assertThat(node.path("num_clients").asLong()).isPositive();
            assertThat(node.path("num_msg_published").asLong()).isPositive();
            assertThat(node.path("memory_sys").asLong()).isGreaterThan(10_000_000);
        });
        assertThat(nodes.findValuesAsText("uid")).doesNotHaveDuplicates();

        ProcessHandle node = started.stream()
                .filter(process -> Stream.of(process.info().arguments().orElse(new String[0]))
                        .anyMatch("demo-2"::equals))
                .findFirst()
                .orElseThrow();
        node.destroyForcibly();
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(nodes(url).findValuesAsText("name")).containsExactly("demo-1", "demo-3");
            assertThat(output()).contains("node-2 has ended with status 137; the others go on");
        });

        signal("INT", launcher.pid());

        awaitGone(started);
        assertThat(launcher.waitFor()).isZero();
    }

    @Test
    void demo_endsWithItsLauncherHoweverThatEnds() throws Exception {
        tacho("demo", "--port", "0", "--nodes", "1");
        awaitUp();
        List<ProcessHandle> started = launcher.descendants().toList();

        signal("KILL", launcher.pid());

        awaitGone(started);
    }

    @Test
    void demo_portTakenIsSaid() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            tacho("demo", "--port", Integer.toString(taken.getLocalPort()));

            assertThat(launcher.onExit().get().exitValue()).isEqualTo(1);
            assertThat(output())
                    .contains("listen: 127.0.0.1:" + taken.getLocalPort())
                    .contains("expected: a free port");
        }
        awaitGone(launcher.descendants().toList());
    }

    @Test
    void programs_tellTheirOptions() throws Exception {
        for (String program : List.of("agent", "aggregator", "demo", "swarm", "bench", "top", "stats")) {
            tacho(program, "--help");
            assertThat(launcher.waitFor()).isZero();
            assertThat(output())
                    .contains("Usage: tacho " + program, "-h, --help", "-V, --version", "(default: ")
                    .doesNotContain("${");
        }
    }

    @Test
    void programs_startWithClassData() throws Exception {
        tacho("aggregator", "--version");
        assertThat(launcher.waitFor()).isZero();

        Path jar = Path.of("../cli/target/tacho.jar");
        for (String subcommand : List.of("agent", "aggregator")) {
            Path classData = Path.of(jar + "." + subcommand + ".jsa");
            assertThat(classData).as(output()).exists();
            assertThat(Files.getLastModifiedTime(classData)).isGreaterThan(Files.getLastModifiedTime(jar));
        }
    }

    /** The part that needs neither wrk nor nginx. */
    @Test
    void bench_measuresAndKeepsWhatItMeasured() throws Exception {
        Path results = directory.resolve("results.json");
        tacho("bench", "--phases", "ingest", "--seconds", "1", "--json", results.toString());

        assertThat(launcher.waitFor()).as(output()).isZero();
        assertThat(output()).contains("raw messages: ", "beats by the script: ", "all taken in");
        JsonNode ingest = json.readTree(results.toFile()).path("ingest");
        assertThat(ingest.path("rawAggregator").asDouble()).isPositive();
        assertThat(ingest.path("rawSubscriber").asDouble()).isPositive();
        assertThat(ingest.at("/scripts/sent").asLong()).isPositive();
    }

    @Test
    void bench_badValuesRefused() throws Exception {
        tacho("bench", "--nodes", "10,0");
        assertThat(launcher.waitFor()).isEqualTo(2);
        assertThat(output()).contains("nodes: 0 (expected: 1 to 100000)");

        tacho("bench", "--phases", "answer");
        assertThat(launcher.waitFor()).isEqualTo(2);
        assertThat(output()).contains("phases: 'answer' (expected: some of start, answers, polls, ingest, storm)");
    }

    @Test
    void unknownCommand_refused() throws Exception {
        tacho("dmeo");
        assertThat(launcher.waitFor()).isEqualTo(2);
        assertThat(output())
                .contains(
                        "unknown command 'dmeo' (expected: one of demo, agent, aggregator, top, stats, swarm, bench)");
    }

    @Test
    void aggregator_badValueRefused() throws Exception {
        tacho("aggregator", "--listen", "nowhere");
        assertThat(launcher.waitFor()).isEqualTo(2);
        assertThat(new String(Files.readAllBytes(output), UTF_8)).contains("listen: 'nowhere' (expected: host:port");
    }
}
