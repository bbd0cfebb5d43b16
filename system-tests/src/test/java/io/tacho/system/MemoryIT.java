// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.process.ChildProcess;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.RedisExtension;
import io.tacho.testing.TachoProgram;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of memory requirements in OPERATING.md: an aggregator with that heap follows that cluster. */
class MemoryIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(120);

    /** JDK 17 names it total, later ones committed. */
    private static final Pattern COMMITTED = Pattern.compile("(?:total(?: reserved \\d+K, committed)?) (\\d+)K");

    private static final long FLOODED_KIB = 150 * 1024;

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<ChildProcess> started = new ArrayList<>();
    private final RedisSettings settings = redis.settings();

    @TempDir
    private Path directory;

    private String url = "";
    private int partitions = 1;

    @AfterEach
    void end() {
        started.forEach(ChildProcess::kill);
    }

    private ChildProcess swarm(int nodes, String interval, String detail) throws IOException {
        ChildProcess swarm = TachoProgram.start(
                environment(),
                "swarm",
                "--nodes=" + nodes,
                "--interval=" + interval,
                "--ttl=60s",
                "--redis-timeout=30s",
                "--detail=" + detail);
        started.add(swarm);
        return swarm;
    }

    private Map<String, String> environment() {
        return Map.of(
                "TACHO_REDIS", redis.uri(),
                "TACHO_NAMESPACE", settings.namespace(),
                "TACHO_PARTITIONS", Integer.toString(partitions));
    }

    /** Starts an aggregator with the options of production and a heap. */
    private ChildProcess aggregator(String heap) throws Exception {
        Path logs = Files.createDirectory(directory.resolve("aggregator-" + started.size()));
        ChildProcess aggregator = Programs.aggregatorOfProduction(logs, heap, environment(), "--redis-timeout=30s");
        started.add(aggregator);
        url = aggregator.awaitAddress(TIMEOUT);
        return aggregator;
    }

    private HttpResponse<String> send(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url + path))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode get(String path) throws Exception {
        return json.readTree(send(path).body());
    }

    private void awaitNodes(int nodes, ChildProcess aggregator) {
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            aggregator.requireAlive();
            assertThat(get("/cluster").at("/view/ready").asBoolean()).isTrue();
            assertThat(get("/cluster").at("/nodes/live").asInt()).isEqualTo(nodes);
        });
    }

    @ParameterizedTest(name = "{0} nodes, {1}, {2} of detail, -Xmx{3}, {5} partitions")
    @CsvSource({
        // nodes, beat, detail, heap, nodes whose detail is in memory at least, partitions, which are loaded at the same
        // time
        "10000, 5s, 0, 128m, 0, 1",
        "4000, 5s, 32KiB, 128m, 1000, 64",
        "10000, 16s, 16KiB, 256m, 3500, 1",
        "2000, 5s, 16KiB, 256m, 2000, 1",
    })
    void documentedHeap_isSufficient(int nodes, String interval, String detail, String heap, int withDetail, int count)
            throws Exception {
        partitions = count;
        ChildProcess swarm = swarm(nodes, interval, detail);
        ChildProcess first = aggregator(heap);
        awaitNodes(nodes, first);
        long received = get("/cluster").at("/messages/received").asLong();
        await().atMost(TIMEOUT)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> get("/cluster").at("/messages/received").asLong() > received + nodes);
        assertServes(nodes, withDetail, detail);
        if (withDetail > 0 && withDetail < nodes) {
            assertThat(first.log()).contains("so far): max-detail-memory is ");
        }
        first.terminate();
        assertThat(first.awaitExit()).isEqualTo(143);

        // an aggregator that loads everything at once
        ChildProcess second = aggregator(heap);
        awaitNodes(nodes, second);
        assertServes(nodes, withDetail, detail);
        second.requireAlive();
        swarm.requireAlive();
    }

    @Test
    void heapAfterAFlood_isReturnedToTheOperatingSystem() throws Exception {
        ChildProcess flood = swarm(3_000, "5s", "32KiB");
        ChildProcess aggregator = aggregator("512m");
        awaitNodes(3_000, aggregator);
        await().atMost(TIMEOUT).pollInterval(Duration.ofSeconds(1)).until(() -> committedKib(aggregator) > FLOODED_KIB);

        flood.terminate();

        awaitNodes(0, aggregator);
        await().atMost(TIMEOUT)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(committedKib(aggregator)).isLessThan(FLOODED_KIB / 2));
    }

    private static long committedKib(ChildProcess program) throws Exception {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(program.pid()),
                        "GC.heap_info")
                .redirectErrorStream(true)
                .start();
        String out = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
        Matcher committed = COMMITTED.matcher(out);
        assertThat(committed.find()).as(out).isTrue();
        return Long.parseLong(committed.group(1));
    }

    /** Totals that are not merged from histograms and sketches are exact; merged ones have their number of nodes. */
    private void assertServes(int nodes, int withDetail, String size) throws Exception {
        assertThat(get("/stats").at("/data/nodes")).hasSize(nodes);
        assertThat(send("/metrics").body()).contains("tacho_cluster_nodes{state=\"live\"} " + nodes);
        // totals of a large cluster are computed every few seconds
        await().atMost(TIMEOUT)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertCluster(get("/cluster"), nodes, withDetail, size));
    }

    private static void assertCluster(JsonNode cluster, int nodes, int withDetail, String size) {
        JsonNode detail = cluster.path("detail");
        int dropped = detail.path("dropped_nodes").asInt();

        assertThat(cluster.at("/nodes/live").asInt()).isEqualTo(nodes);
        assertThat(cluster.at("/merged/gomaxprocs").asLong()).isEqualTo(4L * nodes);
        assertThat(detail.path("bytes").asLong())
                .isLessThanOrEqualTo(detail.path("max_bytes").asLong());
        assertThat(detail.path("nodes").asInt()).isGreaterThanOrEqualTo(withDetail);
        if (size.equals("0")) {
            assertThat(cluster.path("quantiles")).isEmpty();
            return;
        }
        assertThat(detail.path("nodes").asInt() + dropped).isEqualTo(nodes);
        // while nodes report a new window, some details are replaced before they are merged
        assertThat(cluster.at("/quantiles/time_api/nodes").asInt()).isBetween(withDetail / 2, nodes);
        assertThat(cluster.path("warnings").findValuesAsText("code").contains("detail_dropped"))
                .isEqualTo(dropped > 0);
        assertThat(cluster.path("upper_bounds").toString().contains("num_unique_clients"))
                .isEqualTo(dropped > 0);
    }
}
