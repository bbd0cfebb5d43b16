// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static io.tacho.model.NodeSnapshot.MAX_VALUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.cluster.ClusterMetric;
import io.tacho.cli.terminal.TopMain;
import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.Field;
import io.tacho.model.Field.MergeRule;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HistogramBuckets;
import io.tacho.sketch.HyperLogLog;
import io.tacho.store.SnapshotPublisher;
import io.tacho.testing.Resources;
import io.tacho.testing.Snapshots;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * All outputs have the same totals. The cluster is irregular: a StatsD node without timers, different intervals, shared
 * and unknown hosts, nodes with and without sketches and histograms, and values that saturate.
 */
class ClusterTotalsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NODES = 4;

    @AutoClose
    private static final Resources RESOURCES = new Resources();

    private static SnapshotPublisher publisher;
    private static TestAggregator aggregator;
    /** One number for each metric, as {@code /cluster} has them. */
    private static Map<String, Long> numbers;

    private static JsonNode cluster;

    @BeforeAll
    static void start() throws Exception {
        EmbeddedRedis redis = RESOURCES.closeLater(EmbeddedRedis.start());
        RedisTransport transport =
                RESOURCES.closeLater(new RedisTransport(RedisSettings.of(redis.uri()), new SnapshotCodec()));
        publisher = RESOURCES.closeLater(transport.publisher());
        publish(
                "a",
                60,
                status("h1"),
                info("a", 10, 4),
                Snapshots.ofTimes(10, 1_000_000, 5_000_000, 20, 300, 900),
                detail(0, 5));
        publish("b", 60, status("h1"), info("b", MAX_VALUE, 8), maxValues(), detail(500, 50));
        publish(
                "c",
                10,
                status(null),
                info("c", 7, 2),
                Snapshots.ofTimes(0, 7, 7, MAX_VALUE, MAX_VALUE, 1),
                channels());
        publish(
                "s",
                60,
                statsd("h2"),
                info("s", 5, 16),
                Snapshots.ofTimes(1_000_000, 0, 0, 1_000_000, 0, 0),
                channels());
        aggregator = RESOURCES.closeLater(TestAggregator.start(redis.uri()));
        await().atMost(TIMEOUT)
                .until(() -> aggregator.isReady() && aggregator.names().size() == NODES);
        cluster = aggregator.cluster();
        numbers = numbers(cluster.path("numbers"));
    }

    private static NodeStatus status(@Nullable String host) {
        return new NodeStatus(host, 0, false);
    }

    private static NodeStatus statsd(String host) {
        return new NodeStatus(
                host,
                0,
                false,
                null,
                Map.of(),
                QualityFlags.of(Map.of(
                        Field.TIME_API_MEAN, Quality.UNAVAILABLE,
                        Field.TIME_CLIENT_MEAN, Quality.UNAVAILABLE,
                        Field.TIME_API_MAX, Quality.UNAVAILABLE,
                        Field.TIME_CLIENT_MAX, Quality.UNAVAILABLE)));
    }

    private static NodeSnapshot info(String name, long clients, long cpus) {
        return NodeSnapshot.builder("uid-" + name, name)
                .set(Field.NUM_GOROUTINE, 20)
                .set(Field.NUM_CLIENTS, clients)
                .set(Field.NUM_UNIQUE_CLIENTS, 1_000)
                .set(Field.NUM_CHANNELS, 1_000)
                .set(Field.STARTED_AT, 1_700_000_000 + cpus)
                .set(Field.GOMAXPROCS, 2)
                .set(Field.NUM_CPU, cpus)
                .build();
    }

    private static NodeSnapshot maxValues() {
        return NodeSnapshot.builder("u", "n")
                .set(Field.NUM_MSG_PUBLISHED, MAX_VALUE)
                .set(Field.NUM_MSG_QUEUED, MAX_VALUE)
                .set(Field.NUM_MSG_SENT, MAX_VALUE)
                .set(Field.NUM_API_REQUESTS, 30)
                .set(Field.BYTES_CLIENT_IN, MAX_VALUE)
                .set(Field.BYTES_CLIENT_OUT, MAX_VALUE)
                .set(Field.TIME_API_MEAN, 5_000_000)
                .set(Field.TIME_API_MAX, 50_000_000)
                .set(Field.MEMORY_SYS, MAX_VALUE)
                .set(Field.CPU_USAGE, 1)
                .build();
    }

    private static WindowDetail channels() {
        return new WindowDetail(null, null, null, sketch(0));
    }

    /** Users that overlap, the same channels everywhere, and 100 requests to the API of the given duration in milliseconds. */
    private static WindowDetail detail(int firstUser, long millis) {
        long[] buckets = new long[HistogramBuckets.COUNT];
        long nanos = millis * 1_000_000;
        buckets[HistogramBuckets.indexOf(nanos)] = 100;
        Encoded<DurationHistogram> histogram =
                DurationHistogram.of(buckets, 100 * nanos, nanos).encoded();
        return new WindowDetail(histogram, null, sketch(firstUser), sketch(0));
    }

    private static Encoded<HyperLogLog> sketch(int first) {
        return HyperLogLog.of(IntStream.range(first, first + 1_000)
                        .mapToObj(i -> "id" + i)
                        .toList())
                .encoded();
    }

    private static void publish(
            String name,
            long intervalSeconds,
            NodeStatus status,
            NodeSnapshot info,
            NodeSnapshot metrics,
            WindowDetail detail)
            throws Exception {
        NodeSnapshot.Builder snapshot = info.toBuilder();
        Field.NUMBERS.stream()
                .filter(field -> metrics.number(field) > 0)
                .forEach(field -> snapshot.set(field, metrics.number(field)));
        publisher
                .publish(SnapshotEnvelope.builder(snapshot.build())
                        .seq(1)
                        .ttlMillis(600_000)
                        .metricsIntervalSeconds(intervalSeconds)
                        .status(status)
                        .detail(detail)
                        .build())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private static Map<String, Long> numbers(JsonNode json) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        for (String name : ClusterMetric.names()) {
            if (json.path(name).isNumber()) {
                numbers.put(name, json.path(name).asLong());
            }
        }
        return numbers;
    }

    private static Map<String, Long> fieldsOnly() {
        return numbers.entrySet().stream()
                .filter(number -> Field.of(number.getKey()) != null)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Test
    void cluster_mergesByTheRules() {
        assertThat(numbers)
                .containsEntry("num_clients", MAX_VALUE)
                .containsEntry("num_msg_sent", MAX_VALUE)
                .containsEntry("num_cpu", 26L)
                .containsEntry("num_unique_clients", 4_000L)
                .containsEntry("num_api_requests", 1_000_040L)
                .containsEntry("time_api_mean", 4_000_000L)
                .containsEntry("time_api_max", 50_000_000L)
                .containsEntry("cpu_usage", 151L)
                .containsKeys("time_api_p50", "time_api_p999")
                .doesNotContainKey("time_client_p99");
        assertThat(numbers.get("num_channels").doubleValue()).isCloseTo(1_000, within(50.0));
        assertThat(numbers.get("time_api_p99")).isLessThanOrEqualTo(numbers.get("time_api_max"));
        assertThat(cluster.path("upper_bounds").toString()).isEqualTo("[\"num_unique_clients\"]");
        fieldsOnly().forEach((name, number) -> {
            JsonNode merged = cluster.at("/merged/" + name);
            long same = merged.isNumber()
                    ? merged.asLong()
                    : name.equals("num_channels")
                            ? merged.at("/union/estimate").asLong()
                            : merged.path("sum").asLong();
            assertThat(same).as(name).isEqualTo(number);
        });
    }

    @Test
    void metrics_equalTheClusterTotals() throws Exception {
        Map<String, Double> page = aggregator
                .send("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("tacho_cluster_"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.lastIndexOf(' ')),
                        line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))));

        fieldsOnly().forEach((name, number) -> {
            Field field = Field.of(name);
            String suffix = switch (field.unit()) {
                case BYTES -> "_bytes";
                case NANOSECONDS -> "_seconds";
                case PERCENT -> "_ratio";
                default -> "";
            };
            double divisor = suffix.equals("_seconds") ? 1e9 : suffix.equals("_ratio") ? 100 : 1;
            assertThat(page)
                    .containsEntry(
                            "tacho_cluster_" + (field.isOfWindow() ? "window_" : "")
                                    + name.replaceFirst("^(num|bytes)_", "") + suffix,
                            number / divisor);
        });
        assertThat(page)
                .containsEntry(
                        "tacho_cluster_window_time_api_seconds{quantile=\"0.99\"}", numbers.get("time_api_p99") / 1e9);
    }

    @Test
    void alerts_haveTheClusterTotals(@TempDir Path directory) throws Exception {
        try (TestWebhook webhook = TestWebhook.start()) {
            String rules = ClusterMetric.names().stream()
                    .map(name -> "rule " + name + " cluster " + name + " >= 0" + (name.startsWith("time_") ? "ns" : "")
                            + "\n")
                    .collect(Collectors.joining());
            aggregator.setAlertConfig(
                    Files.writeString(directory.resolve("alerts"), rules + "webhook " + webhook.url()));

            await().atMost(TIMEOUT).untilAsserted(() -> {
                Map<String, Long> values = new LinkedHashMap<>();
                for (JsonNode alert : aggregator.alerts().path("alerts")) {
                    values.put(
                            alert.at("/labels/alertname").asText(),
                            alert.path("value").asLong());
                }
                assertThat(values).isEqualTo(numbers);
            });
        }
    }

    @Test
    void info_hasTheSameNodes() throws Exception {
        String body = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(aggregator.url() + "/api/info"))
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();

        JsonNode nodes = JSON.readTree(body).at("/result/nodes");

        assertThat(nodes)
                .hasSize(NODES)
                .allSatisfy(node -> assertThat(node.at("/metrics/items")
                                .path("centrifugo.node.num_nodes")
                                .asInt())
                        .isEqualTo(NODES));
        long clients = 0;
        for (JsonNode node : nodes) {
            clients = Math.min(MAX_VALUE, clients + node.path("num_clients").asLong());
        }
        assertThat(clients).isEqualTo(numbers.get("num_clients"));
    }

    private static String top(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine top = new CommandLine(new TopMain()).setOut(new PrintWriter(out));
        String[] all = Stream.concat(Stream.of("--once", "--url", aggregator.url()), Stream.of(arguments))
                .toArray(String[]::new);
        assertThat(top.execute(all)).isZero();
        return out.toString();
    }

    @Test
    void top() throws Exception {
        JsonNode all = JSON.readTree(top("--json"));

        assertThat(numbers(all.path("totals"))).isEqualTo(fieldsOnly());
        assertThat(all.path("upper_bounds")).isEqualTo(cluster.path("upper_bounds"));
        assertThat(top("--columns", "users,channels").lines().filter(line -> line.startsWith("all")))
                .singleElement()
                .asString()
                .matches("all +≤4000 +" + numbers.get("num_channels"));
    }

    @Test
    void top_filtered_totalsAreMergedByTheSameRules() throws Exception {
        // all nodes except the one without a host
        JsonNode some = JSON.readTree(top("--json", "--filter", "-name=c"));

        assertThat(some.path("nodes")).hasSize(3);
        assertThat(some.at("/totals/time_api_mean").asLong()).isEqualTo(4_000_000);
        assertThat(some.at("/totals/num_cpu").asLong()).isEqualTo(24);
        assertThat(some.at("/totals/num_clients").asLong()).isEqualTo(MAX_VALUE);
        assertThat(some.path("upper_bounds").toString()).isEqualTo("[\"num_unique_clients\",\"num_channels\"]");
    }

    @Test
    void dashboard_equalsTheClusterTotals() throws Exception {
        try (Browser browser = Browser.start()) {
            browser.open(aggregator.url() + "/?columns=name,num_cpu,num_unique_clients,num_channels,time_api_mean");
            String json = browser.await("""
                    const done = arguments[arguments.length - 1];
                    (async () => {
                      const base = document.querySelector('script[type=module]').src.replace('main.js', '');
                      const {Cluster} = await import(base + 'cluster.js');
                      const {merge, withFacts} = await import(base + 'merge.js');
                      const {FIELDS} = await import(base + 'fields.js');
                      while (FIELDS.length === 0) {
                        await new Promise((resolve) => setTimeout(resolve, 50));
                      }
                      const cluster = new Cluster();
                      await new Promise((resolve) => {
                        const events = new EventSource('events');
                        for (const type of ['reset', 'joined', 'snapshot', 'synced']) {
                          events.addEventListener(type, ({data}) => {
                            cluster.apply({type, data: JSON.parse(data)}, Date.now());
                            if (type === 'synced') {
                              events.close();
                              resolve();
                            }
                          });
                        }
                      });
                      const merged = merge(cluster.present());
                      return {merged, total: withFacts(merged, await (await fetch('cluster')).json())};
                    })().then((result) => done(JSON.stringify(result)), (problem) => done(String(problem)));
                    """);
            JsonNode result = JSON.readTree(json);

            assertThat(numbers(result.path("total"))).isEqualTo(numbers);
            assertThat(result.at("/total/upperBounds")).isEqualTo(cluster.path("upper_bounds"));
            assertMerged(result.path("merged"));
            awaitTitles(browser);
            assertThat(browser.consoleErrors()).isEmpty();
        }
    }

    /** The totals merged by the page are equal, except that it has no sketches and histograms. */
    private static void assertMerged(JsonNode merged) {
        for (Field field : Field.NUMBERS) {
            String name = field.wireName();
            JsonNode expected = cluster.at("/merged/" + name);
            if (field.mergeRule() == MergeRule.UNION) {
                assertThat(merged.path(name)).as(name).isEqualTo(expected.path("sum"));
                assertThat(merged.path(name + "_lower")).as(name).isEqualTo(expected.path("max"));
            } else if (field.mergeRule() == MergeRule.RANGE) {
                assertThat(merged.path(name + "_min")).as(name).isEqualTo(expected.path("min"));
                assertThat(merged.path(name + "_max")).as(name).isEqualTo(expected.path("max"));
            } else {
                assertThat(merged.path(name).asLong()).as(name).isEqualTo(expected.asLong());
            }
        }
    }

    /** The exact numbers in the hovers of the row of totals, and the latencies in the tiles. */
    private static void awaitTitles(Browser browser) {
        await().atMost(TIMEOUT).untilAsserted(() -> {
            for (String name : List.of("num_cpu", "num_unique_clients", "num_channels", "time_api_mean")) {
                String title =
                        browser.run("return document.querySelector(arguments[0]).title", "[data-total=" + name + "]");
                assertThat(title.replaceFirst("\\(.*", "").replaceAll("[^0-9]", ""))
                        .as(name)
                        .isEqualTo(Long.toString(numbers.get(name)));
            }
            List<String> latencies = browser.run("""
                    return ['time_api_mean', 'time_api_p99', 'time_api_max']
                        .map((name) => document.querySelector(`[data-tile=${name}] .value`).textContent);
                    """);
            assertThat(latencies).containsExactly("4.00 ms", "50.0 ms", "50.0 ms");
        });
    }
}
