// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.testing.RedisExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./tacho}, as a new user runs it. */
class LauncherIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Pattern URL = Pattern.compile("Dashboard +(http://127\\.0\\.0\\.1:\\d+)\n");

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    private Process launcher;
    private Path output;

    private void tacho(String... arguments) throws IOException {
        tacho(Map.of(), arguments);
    }

    private void tacho(Map<String, String> environment, String... arguments) throws IOException {
        // with the default SIGINT handler: a shell that runs the tests in the background ignores SIGINT, and so would
        // all
        // children
        List<String> command = new ArrayList<>(List.of("perl", "-e", "$SIG{INT} = 'DEFAULT'; exec @ARGV", "../tacho"));
        command.addAll(List.of(arguments));
        output = directory.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        // with the Java of the tests, of which there are two
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        launcher = builder.start();
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
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(output()).contains("Ctrl-C ends the demo."));
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
    void demo_hasTraffic_andEndsWithCtrlC_evenAfterANodeDied() throws Exception {
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

        Matcher pid = Pattern.compile("demo-2 +pid (\\d+) ").matcher(output());
        assertThat(pid.find()).isTrue();
        assertThat(output())
                .containsPattern(
                        "\nRedis +redis://127.0.0.1:\\d+  \\((redis|valkey)-server \\d+\\.\\d+\\.\\d+, .+\\)\n")
                .containsSubsequence(
                        "Dashboard    " + url,
                        "Terminal     ./tacho top --url " + url,
                        "API          curl " + url + "/stats",
                        "demo-1       pid ",
                        "demo-2       pid ",
                        "demo-3       pid ")
                .doesNotContain("{");
        ProcessHandle.of(Long.parseLong(pid.group(1))).orElseThrow().destroyForcibly();
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(nodes(url).findValuesAsText("name")).containsExactly("demo-1", "demo-3");
            assertThat(output()).contains("demo-2 ended with status 137; the others continue");
        });

        signal("INT", launcher.pid());

        awaitGone(started);
        assertThat(launcher.waitFor()).isZero();
    }

    @Test
    void demo_launcherKilled_endsToo() throws Exception {
        tacho("demo", "--port", "0", "--nodes", "1");
        awaitUp();
        List<ProcessHandle> started = launcher.descendants().toList();

        signal("KILL", launcher.pid());

        awaitGone(started);
    }

    @Test
    void demo_portInUse_suggestsAnotherPort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            tacho("demo", "--port", Integer.toString(taken.getLocalPort()));

            assertThat(launcher.onExit().get().exitValue()).isEqualTo(1);
            assertThat(output())
                    .contains("port: 127.0.0.1:" + taken.getLocalPort() + " is in use")
                    .contains("expected: a free port; --port 0 takes any");
        }
        awaitGone(launcher.descendants().toList());
    }

    @Test
    void demo_secretInTheEnvironment_isRequiredAsKey() throws Exception {
        tacho(Map.of("TACHO_API_SECRET", "s3cret"), "demo", "--port", "0", "--nodes", "1");
        String url = awaitUp();

        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/stats"));
        assertThat(http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(401);
        request.header("X-API-Key", "s3cret");
        assertThat(http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);
        assertThat(launcher.descendants()
                        .map(process -> process.info().commandLine().orElse("")))
                .noneMatch(command -> command.contains("s3cret"));
        assertThat(output()).doesNotContain("s3cret");
    }

    @Test
    void demo_secretOption_isRequiredAsKey() throws Exception {
        tacho("demo", "--port", "0", "--nodes", "1", "--api-secret", "s3cret");
        String url = awaitUp();

        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/stats"));
        assertThat(http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(401);
        assertThat(output()).contains("curl -H 'X-API-Key: SECRET' " + url).doesNotContain("s3cret");
    }

    @Test
    void build_printsItsProgress() throws Exception {
        Path checkout = Files.createDirectories(directory.resolve("unbuilt"));
        for (String file : List.of("tacho", "pom.xml")) {
            Files.copy(Path.of("..").resolve(file), checkout.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path mvn = Files.createDirectories(checkout.resolve("bin")).resolve("mvn");
        Files.writeString(mvn, """
                #!/bin/sh
                echo "[INFO] Building Tacho core 0.1.0-SNAPSHOT                                 [3/6]"
                echo "[INFO] something else"
                mkdir -p "$(dirname "$0")/../cli/target" && : > "$(dirname "$0")/../cli/target/tacho.jar"
                """);
        assertThat(mvn.toFile().setExecutable(true)).isTrue();

        String path = mvn.getParent() + ":" + System.getenv("PATH");
        String built = run(Map.of("PATH", path), checkout.resolve("tacho").toString(), "build");

        assertThat(built)
                .containsSubsequence("Building; ", "  [3/6] Tacho core\n", "Built cli/target/tacho.jar in ")
                .doesNotContain("something else");
    }

    @Test
    void helpAndVersion_withoutBuild_work() throws Exception {
        Path checkout = Files.createDirectory(directory.resolve("checkout"));
        for (String file : List.of("tacho", "pom.xml")) {
            Files.copy(Path.of("..").resolve(file), checkout.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        String script = checkout.resolve("tacho").toString();

        assertThat(run(script, "--version")).matches("tacho \\d+\\.\\d+\\.\\d+\\S*\n");
        assertThat(run(script, "build", "--help")).startsWith("Usage: tacho build");
        String help = run(script, "--help");
        tacho("help");
        assertThat(launcher.waitFor()).isZero();
        assertThat(help.lines().filter(line -> !line.startsWith("  build ")).toList())
                .isEqualTo(output().lines().toList());
    }

    private String run(String... command) throws Exception {
        return run(Map.of(), command);
    }

    private String run(Map<String, String> environment, String... command) throws Exception {
        output = directory.resolve("run");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        launcher = builder.start();
        assertThat(launcher.waitFor()).as(output()).isZero();
        return output();
    }

    @Test
    void programs_listTheirOptions() throws Exception {
        for (String program : List.of("agent", "aggregator", "demo", "swarm", "bench", "top", "stats", "mcp")) {
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

    /**
     * The bounds are what was measured, 63 MiB on JDK 17 and 68 MiB on 25, plus a margin: a JVM whose library was just copied has 5 MiB
     * more.
     */
    @Test
    void agent_memoryAndClasses_areBounded() throws Exception {
        long bound = 1_024L * (Runtime.version().feature() == 17 ? 70 : 76);
        Path classes = directory.resolve("classes-0");
        long least = startAgent(classes);
        for (int again = 1; again < 3 && least >= bound; again++) {
            end();
            launcher.waitFor();
            classes = directory.resolve("classes-" + again);
            least = Math.min(least, startAgent(classes));
        }

        assertThat(least).isLessThan(bound);
        List<String> loaded = Files.readAllLines(classes);
        // what an agent without sources does not need; the rest is from the archive
        assertThat(loaded)
                .noneMatch(line -> line.contains("com.fasterxml.jackson.databind."))
                .noneMatch(line -> line.contains("reactor.core.publisher.Sinks"))
                .noneMatch(line -> line.contains(" io.lettuce.core.") && line.contains("source: file:"));
        if (Runtime.version().feature() == 17) {
            // one lambda of a picocli interface would keep its converters out of the archive; 25 archives no class
            // files of Java 5
            assertThat(loaded).noneMatch(line -> line.contains(" picocli.") && line.contains("source: file:"));
        }
    }

    /** Starts an agent that logs its classes; returns its resident memory, KiB, when it has sent a beat. */
    private long startAgent(Path classes) throws IOException {
        tacho(Map.of("TACHO_JAVA_OPTS", "-Xlog:class+load:file=" + classes), "agent", "--redis", redis.uri());
        await().atMost(TIMEOUT).untilAsserted(() -> {
            assertThat(launcher.isAlive()).as(output()).isTrue();
            assertThat(classes).exists().content().contains("io.tacho.redis.BeatReply ");
        });
        return residentKib();
    }

    /** The launcher process has been replaced by the program. */
    private long residentKib() throws IOException {
        Matcher resident = Pattern.compile("VmRSS:\\s+(\\d+) kB")
                .matcher(Files.readString(Path.of("/proc/" + launcher.pid() + "/status")));
        assertThat(resident.find()).isTrue();
        return Long.parseLong(resident.group(1));
    }

    /** Measured are 86 to 92 MiB on JDK 17 and 98 MiB on 25, as soon as the memory of the start is returned; the rest is a margin. */
    @Test
    void aggregator_memory_isBounded() throws Exception {
        tacho("aggregator", "--redis", redis.uri(), "--listen", "127.0.0.1:0");
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(output()).contains("listening http://"));

        int bound = Runtime.version().feature() == 17 ? 102 : 108;
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(residentKib()).isLessThan(1_024L * bound));
    }

    /** The archive of classes has the path of its jar: after a move the JVM does not use it, and reports that on standard output. */
    @Test
    void movedJar_startsWithoutWarning() throws Exception {
        tacho("aggregator", "--version");
        assertThat(launcher.waitFor()).isZero();
        Matcher option = Pattern.compile("'(-Xlog:cds[^']+)'").matcher(Files.readString(Path.of("../tacho")));
        assertThat(option.find()).isTrue();
        Path jar = Files.copy(Path.of("../cli/target/tacho.jar"), directory.resolve("tacho.jar"));
        Path archive = Files.copy(Path.of("../cli/target/tacho.jar.agent.jsa"), directory.resolve("tacho.jsa"));

        launcher = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:SharedArchiveFile=" + archive,
                        option.group(1),
                        "-jar",
                        jar.toString(),
                        "--version")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        assertThat(launcher.waitFor()).isZero();
        assertThat(output().lines()).singleElement().asString().startsWith("tacho ");
    }

    /** The part that needs neither wrk nor nginx. */
    @Test
    void bench_measures_andSavesResults() throws Exception {
        Path results = directory.resolve("results.json");
        tacho("bench", "--phases", "ingest", "--seconds", "1", "--json", results.toString());

        assertThat(launcher.waitFor()).as(output()).isZero();
        assertThat(output()).contains("messages: ", "beats by the script: ", "all received", "takes about 0.3 minutes");
        JsonNode kept = json.readTree(results.toFile());
        assertThat(kept.at("/measurements/0/name").asText()).isEqualTo("messages received");
        assertThat(kept.at("/measurements/0/ratio").asDouble()).isBetween(0.01, 2.0);
        assertThat(kept.at("/measurements/1/median").asDouble()).isPositive();
        assertThat(kept.at("/versions/revision").asText()).matches("[0-9a-f]{40}(-dirty)?|unknown");
        assertThat(kept.at("/versions/redis").asText()).matches("\\d+\\.\\d+\\.\\d+");

        // the same results a second time are not worse
        tacho("bench", "--compare", results.toString(), "--with", results.toString());
        assertThat(launcher.waitFor()).as(output()).isZero();
        assertThat(output()).contains("2 measurements of both runs compared, 0 worse");
    }

    @Test
    void bench_invalidValues_areRejected() throws Exception {
        tacho("bench", "--nodes", "10,0");
        assertThat(launcher.waitFor()).isEqualTo(2);
        assertThat(output()).contains("nodes: 0 (expected: 1 to 100000)");

        tacho("bench", "--phases", "response");
        assertThat(launcher.waitFor()).isEqualTo(2);
        assertThat(output())
                .contains("phases: 'response' (expected: some of start, responses, polls, ingest, load, alternatives)");
    }

    /** In a checkout without a build, a JDK and Maven. */
    @Test
    void unknownCommand_withoutBuild_isRejected() throws Exception {
        Path checkout = Files.createDirectory(directory.resolve("checkout"));
        Files.copy(Path.of("../tacho"), checkout.resolve("tacho"), StandardCopyOption.COPY_ATTRIBUTES);
        output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(checkout.resolve("tacho").toString(), "dmeo")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", "/nonexistent");
        launcher = builder.start();

        assertThat(launcher.waitFor()).isEqualTo(2);
        assertThat(output())
                .isEqualTo("tacho: unknown command 'dmeo' (expected: one of demo, agent, aggregator, standalone,"
                        + " top, stats, history, mcp, health, drain, undrain, swarm, bench, build)\n");
    }

    @Test
    void aggregator_invalidValue_isRejected() throws Exception {
        tacho("aggregator", "--listen", "nowhere");
        assertThat(launcher.waitFor()).isEqualTo(2);
        assertThat(new String(Files.readAllBytes(output), UTF_8)).contains("listen: 'nowhere' (expected: host:port");
    }
}
