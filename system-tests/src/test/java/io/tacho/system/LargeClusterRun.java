// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.cli.process.TachoCommand;
import io.tacho.process.ChildProcess;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.RedisClusterSet;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A swarm, a Redis Cluster of three masters, and an aggregator with the JVM options of production, in separate processes.
 *
 * <p>Thread safety: confined to one thread.
 */
final class LargeClusterRun implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int MASTERS = 3;

    /** The last line of a class histogram: instances and bytes. */
    private static final Pattern TOTAL = Pattern.compile("Total +\\d+ +(\\d+)");

    /** The memory of an aggregator. */
    record Memory(long heapBytesPerNode, long residentMebibytes) {}

    private final int nodes;
    private final int partitions;
    private final Path directory;
    private final @Nullable Path jar;
    private final RedisClusterSet redis;
    private final ChildProcess swarm;
    private final StoredNodes stored;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable ChildProcess aggregator;
    private String url = "";
    private int starts;

    /**
     * Starts Redis and the swarm, and waits until each of its nodes is stored.
     *
     * @param jar the program; null for the classes of the tests
     */
    LargeClusterRun(int nodes, Duration interval, int partitions, Path directory, @Nullable Path jar) throws Exception {
        this.nodes = nodes;
        this.partitions = partitions;
        this.directory = directory;
        this.jar = jar;
        redis = RedisClusterSet.startWithoutReplicas();
        swarm = start(
                List.of("-XX:+UseSerialGC"),
                "swarm",
                "--nodes=" + nodes,
                "--interval=" + interval.toMillis() + "ms",
                "--ttl=120s",
                "--connections=3");
        stored = new StoredNodes(RedisSettings.of(redis.uri()).withPartitions(partitions));
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(200)).until(() -> storedKeys() >= nodes);
    }

    private long storedKeys() {
        return IntStream.range(0, MASTERS)
                .mapToLong(master -> redis.commands(master).dbsize())
                .sum();
    }

    private ChildProcess start(List<String> jvm, String... arguments) throws IOException {
        List<String> command = jar == null
                ? TachoCommand.of(jvm, List.of(arguments))
                : Stream.of(
                                List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString()),
                                jvm,
                                List.of("-jar", jar.toString()),
                                List.of(arguments))
                        .flatMap(List::stream)
                        .toList();
        Path logs = Files.createDirectory(directory.resolve(arguments[0] + "-" + starts++));
        return ChildProcess.start(
                arguments[0],
                command,
                logs,
                Map.of(
                        "TACHO_REDIS", redis.uri(),
                        "TACHO_PARTITIONS", Integer.toString(partitions),
                        "MALLOC_ARENA_MAX", "2"));
    }

    /** Starts the aggregator, in place of a running one; returns how long it took from its start until every node is in its view. */
    Duration startAggregator() throws Exception {
        if (aggregator != null) {
            aggregator.terminate();
            aggregator.awaitExit();
        }
        List<String> jvm = new ArrayList<>(List.of("@" + Path.of("..", "cli", "jvm", "aggregator.options")));
        Path archive = Path.of(jar + ".aggregator.jsa");
        if (Files.exists(archive)) {
            jvm.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off"));
        }
        ChildProcess started = start(jvm, "aggregator", "--listen", "127.0.0.1:0");
        aggregator = started;
        url = started.awaitAddress(TIMEOUT);
        Duration[] age = new Duration[1];
        await().atMost(TIMEOUT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    boolean complete = isComplete();
                    age[0] = started.age();
                    return complete;
                });
        return age[0];
    }

    private boolean isComplete() throws Exception {
        JsonNode ready = get("/-/ready");
        return ready.path("nodes").asInt() == nodes
                && ready.path("ready").asBoolean()
                && ready.at("/partitions/disconnected").asInt() == 0;
    }

    private JsonNode get(String path) throws Exception {
        try (InputStream body = body(path)) {
            return json.readTree(body);
        }
    }

    private InputStream body(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(TIMEOUT).build();
        return http.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
    }

    /**
     * Suspends the swarm, and compares {@code /stats} with the entries in Redis: the same uids, and of each node the same 22 fields.
     * Checks that no node has been lost or has left, and that no message was rejected or malformed.
     *
     * @return the response's sums over all nodes
     */
    String check() throws Exception {
        swarm.signal("STOP");
        try {
            String[] sums = new String[1];
            // Redis still has to process what the swarm has sent
            await().atMost(Duration.ofSeconds(60))
                    .pollDelay(Duration.ofMillis(500))
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> {
                        Map<String, JsonNode> expected = stored.byUid();
                        assertThat(expected).hasSize(nodes);
                        try (InputStream body = body("/stats")) {
                            assertThat(stored.differences(body, expected)).isEmpty();
                        }
                        sums[0] = StoredNodes.sums(expected.values());
                    });
            return sums[0];
        } finally {
            swarm.signal("CONT");
        }
    }

    /** Checks that every node is live, and none was lost or rejected since the aggregator's start. */
    void checkCounts() throws Exception {
        JsonNode cluster = get("/cluster");
        assertThat(cluster.at("/nodes/live").asInt()).isEqualTo(nodes);
        assertThat(cluster.at("/total/lost").asInt()).isZero();
        assertThat(cluster.at("/total/left").asInt()).isZero();
        assertThat(cluster.at("/messages/rejected").asLong()).isZero();
        assertThat(cluster.at("/messages/malformed")).isEmpty();
    }

    /** {@return the live objects in the heap of the aggregator after a garbage collection, bytes per node; and the resident memory} */
    Memory memory() throws Exception {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(aggregator().pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String histogram = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
        Matcher total = TOTAL.matcher(histogram);
        assertThat(total.find()).as(histogram).isTrue();
        long resident = SoakMemory.measure(aggregator()).programResident();
        return new Memory(Long.parseLong(total.group(1)) / nodes, resident / 1024);
    }

    private ChildProcess aggregator() {
        if (aggregator == null) {
            throw new IllegalStateException("no aggregator has started");
        }
        return aggregator;
    }

    /** {@return the CPU time of aggregator, swarm and masters so far, in this order} */
    long[] cpuMillis() throws IOException {
        long[] millis = new long[2 + MASTERS];
        millis[0] = cpuMillis(aggregator().pid());
        millis[1] = cpuMillis(swarm.pid());
        for (int master = 0; master < MASTERS; master++) {
            millis[2 + master] = cpuMillis(redis.node(master).process().pid());
        }
        return millis;
    }

    /** {@return the last line in which the swarm reports its rate, failures and response times} */
    String swarmReport() throws IOException {
        return swarm.log().lines().filter(line -> line.contains("beats/s")).reduce("", (before, line) -> line);
    }

    static String percent(long[] before, long[] after, Duration time) {
        StringBuilder line = new StringBuilder("CPU, % of a core:");
        for (int i = 0; i < before.length; i++) {
            String name = i == 0 ? "aggregator" : i == 1 ? "swarm" : "master " + (i - 1);
            line.append(String.format(Locale.ROOT, " %s %.1f", name, 100.0 * (after[i] - before[i]) / time.toMillis()));
        }
        return line.toString();
    }

    private static long cpuMillis(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .map(Duration::toMillis)
                .orElseThrow();
    }

    static void elapse(Duration time) {
        await().timeout(time.plusSeconds(10)).pollDelay(time).until(() -> true);
    }

    @Override
    public void close() throws Exception {
        if (aggregator != null) {
            aggregator.kill();
        }
        swarm.kill();
        swarm.awaitEnd(Duration.ofNanos(TimeUnit.SECONDS.toNanos(5)));
        stored.close();
        redis.close();
    }
}
