// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.agent.NodeAgent;
import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.process.ChildProcess;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.SnapshotPublisher;
import io.tacho.testing.FreePorts;
import io.tacho.testing.Resources;
import io.tacho.testing.Snapshots;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus that scrapes two real aggregators of a busy cluster. */
class PrometheusIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Path DEPLOY = Path.of("../deploy").toAbsolutePath().normalize();
    private static final long REQUEST_NANOS = 10_000_000;
    private static final Pattern VARIABLE = Pattern.compile("label_values\\((.*), (\\w+)\\)");

    @TempDir
    private static Path shared;

    @AutoClose
    private static final Resources RESOURCES = new Resources();

    private static ScheduledExecutorService traffic;
    private static EmbeddedRedis redis;
    private static List<TestAggregator> aggregators;
    private static String sharedPrometheus;

    private String prometheus = sharedPrometheus;

    @BeforeAll
    static void start() throws Exception {
        InstalledProgram.require("prometheus", "prometheus");
        traffic = Executors.newSingleThreadScheduledExecutor();
        RESOURCES.closeLater(traffic::shutdownNow);
        redis = RESOURCES.closeLater(EmbeddedRedis.start());
        aggregators = List.of(
                RESOURCES.closeLater(TestAggregator.start(redis.uri())),
                RESOURCES.closeLater(TestAggregator.start(redis.uri())));
        Path alerts = Files.writeString(shared.resolve("alerts"), "rule many cluster num_clients > 1\n");
        aggregators.forEach(aggregator -> aggregator.setAlertConfig(alerts));
        for (int i = 0; i < 3; i++) {
            startNode("node-" + i);
        }
        sharedPrometheus = startPrometheus("");
    }

    /** Each node has two users of its own and shares one with all others. */
    private static void startNode(String name) {
        NodeAgent node = RESOURCES.closeLater(NodeAgent.builder()
                .redis(redis.uri())
                .name(name)
                .version("6.0")
                .metricsInterval(Duration.ofSeconds(1))
                .publishInterval(Duration.ofMillis(500))
                .ttl(Duration.ofSeconds(20))
                .numClients(() -> 5)
                .users(() -> List.of(name + "-a", name + "-b", "everywhere"))
                .channels(() -> List.of(name, "news"))
                .start());
        traffic.scheduleAtFixedRate(() -> recordTraffic(node), 0, 50, TimeUnit.MILLISECONDS);
    }

    private static void recordTraffic(NodeAgent node) {
        node.recorder().messagesPublished(1);
        node.recorder().messagesQueued(3);
        node.recorder().messagesSent(3);
        node.recorder().bytesIn(10);
        node.recorder().bytesOut(30);
        node.recorder().apiRequest(REQUEST_NANOS);
        node.recorder().clientRequest(REQUEST_NANOS);
    }

    /** Starts a Prometheus that scrapes the aggregators every second, and returns its URL. */
    private static String startPrometheus(String scrapes, String... options) throws Exception {
        Path directory = Files.createTempDirectory(shared, "prometheus");
        int port = FreePorts.any();
        Path config =
                Files.writeString(directory.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: ["%s/prometheus/alerts.yml"]
                scrape_configs:
                  - job_name: tacho
                    static_configs: [{targets: [%s]}]
                """.formatted(DEPLOY, targets()) + scrapes);
        List<String> command = new ArrayList<>(List.of(
                InstalledProgram.require("prometheus", "prometheus").toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port));
        command.addAll(List.of(options));
        RESOURCES.closeLater(ChildProcess.start("prometheus", command, directory));
        String url = "http://127.0.0.1:" + port;
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .until(() -> send(url + "/-/ready").contains("Ready"));
        return url;
    }

    private static String targets() {
        return aggregators.stream()
                .map(aggregator -> "\"" + host(aggregator) + "\"")
                .reduce((a, b) -> a + "," + b)
                .orElseThrow();
    }

    private static String host(TestAggregator aggregator) {
        return URI.create(aggregator.url()).getAuthority();
    }

    private static String send(String url) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body();
    }

    /** Returns the numbers in the result of a query. */
    private List<Double> query(String expression) throws Exception {
        JsonNode response =
                JSON.readTree(send(prometheus + "/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8)));
        assertThat(response.path("status").asText())
                .as("%s: %s", expression, response)
                .isEqualTo("success");
        List<Double> numbers = new ArrayList<>();
        response.at("/data/result")
                .forEach(sample -> numbers.add(sample.at("/value/1").asDouble(Double.NaN)));
        return numbers;
    }

    private void awaitNumbers(Map<String, String> queries) {
        Set<String> missing = new TreeSet<>(queries.keySet());
        await().atMost(TIMEOUT).untilAsserted(() -> {
            for (String place : List.copyOf(missing)) {
                if (query(queries.get(place)).stream().anyMatch(number -> !number.isNaN())) {
                    missing.remove(place);
                }
            }
            assertThat(missing).isEmpty();
        });
    }

    @Test
    void dashboards_noQueryIsEmpty() throws Exception {
        Map<String, String> queries = new TreeMap<>();
        try (Stream<Path> files = Files.list(DEPLOY.resolve("grafana/dashboards"))) {
            for (Path file : files.toList()) {
                addQueries(file, queries);
            }
        }

        assertThat(queries).hasSizeGreaterThan(90);
        awaitNumbers(queries);
    }

    private static void addQueries(Path file, Map<String, String> queries) throws IOException {
        JsonNode dashboard = JSON.readTree(file.toFile());
        String title = dashboard.path("title").asText();
        for (JsonNode panel : dashboard.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                queries.put(
                        title + ": " + panel.path("title").asText() + " "
                                + target.path("refId").asText(),
                        expanded(target.path("expr").asText()));
            }
        }
        for (JsonNode variable : dashboard.at("/templating/list")) {
            Matcher values = VARIABLE.matcher(variable.at("/query/query").asText());
            if (values.matches()) {
                queries.put(
                        title + ": $" + variable.path("name").asText(),
                        "count by (%s) (%s)".formatted(values.group(2), expanded(values.group(1))));
            }
        }
    }

    private static String expanded(String expression) {
        String expanded = expression.replace("$__rate_interval", "20s").replaceAll("\\$(job|node|instance)\\b", ".*");
        assertThat(expanded).doesNotContain("$");
        return expanded;
    }

    /** A rule that does not fire has an empty result, so its comparisons return 0 or 1 here. */
    @Test
    void alertRules_noQueryIsEmpty() throws Exception {
        Map<String, String> queries = new TreeMap<>();
        await().atMost(TIMEOUT).untilAsserted(() -> {
            for (JsonNode group :
                    JSON.readTree(send(prometheus + "/api/v1/rules")).at("/data/groups")) {
                for (JsonNode rule : group.path("rules")) {
                    assertThat(rule.path("health").asText()).as(rule.toString()).isEqualTo("ok");
                    queries.put(
                            rule.path("name").asText(),
                            rule.path("query").asText().replaceAll(" (==|!=|<=?|>=?) ", " $1 bool "));
                }
            }
            assertThat(queries).hasSizeGreaterThan(8);
        });
        // has a series for each outlier, and there is none; what a metric is named is verified against this file
        String metric = "tacho_cluster_outlier_factor";
        assertThat(queries.remove("TachoNodeOutlier")).contains("(" + metric + ")");
        assertThat(Files.readString(Path.of("../aggregator/METRICS.md"))).contains("`" + metric + "`");

        awaitNumbers(queries);
    }

    @Test
    void nativeHistograms_areScrapedAsProtobuf() throws Exception {
        prometheus = startPrometheus("", "--enable-feature=native-histograms");

        String p99 = "histogram_quantile(0.99, rate(tacho_cluster_client_request_duration_seconds[30s]))";
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(query(p99))
                        .hasSize(2)
                        .allSatisfy(seconds -> assertThat(seconds).isCloseTo(0.01, within(0.0003))));
        assertThat(query("count by (uid) (tacho_node_clients)")).containsExactly(2.0, 2.0, 2.0);
        assertThat(query("tacho_cluster_clients")).containsExactly(15.0, 15.0);
        assertThat(query("count(tacho_node_info{version=\"6.0\"})")).containsExactly(6.0);
    }

    @Test
    void values_equalThoseOfTheClusterResponse() throws Exception {
        awaitNumbers(Map.of("counters", "rate(tacho_cluster_messages_sent_total[10s]) > 0"));
        JsonNode merged = aggregators.get(0).cluster().path("merged");

        for (Map.Entry<String, String> metric : Map.of(
                        "num_clients", "tacho_cluster_clients",
                        "num_unique_clients/union/estimate", "tacho_cluster_unique_clients",
                        "num_unique_clients/union/lower", "tacho_cluster_unique_clients_lower",
                        "num_unique_clients/union/upper", "tacho_cluster_unique_clients_upper",
                        "num_channels/union/estimate", "tacho_cluster_channels")
                .entrySet()) {
            assertThat(query(metric.getValue()))
                    .as(metric.getValue())
                    .containsOnly(merged.at("/" + metric.getKey()).asDouble());
        }
        // three nodes record three messages every 50 ms
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(query("max(rate(tacho_cluster_messages_sent_total[20s]))"))
                        .singleElement()
                        .satisfies(rate -> assertThat(rate).isCloseTo(180, within(20.0))));
    }

    /** The addresses are those of the aggregator, which is an exporter of its own. */
    @Test
    void discovery_targetsAreThePresentNodes() throws Exception {
        RedisSettings settings = RedisSettings.of(redis.uri()).withNamespace("discovery");
        TestAggregator discovery = RESOURCES.closeLater(TestAggregator.start(settings));
        SnapshotPublisher publisher = RESOURCES.closeLater(RESOURCES
                .closeLater(new RedisTransport(settings, new SnapshotCodec()))
                .publisher());
        AtomicLong seq = new AtomicLong(System.currentTimeMillis());
        ScheduledFuture<?> beats = traffic.scheduleWithFixedDelay(
                () -> {
                    SnapshotEnvelope beat = Snapshots.detailed("u1", seq.incrementAndGet());
                    publisher.publish(SnapshotEnvelope.builder(beat.snapshot())
                            .seq(beat.seq())
                            .ttlMillis(3_000)
                            .metricsIntervalSeconds(60)
                            .status(beat.status().withAddress("http://" + host(aggregators.get(0)) + "/metrics"))
                            .build());
                },
                0,
                500,
                TimeUnit.MILLISECONDS);
        prometheus = startPrometheus("""
                  - job_name: nodes
                    http_sd_configs: [{url: "%s/sd/prometheus?label=zone=a", refresh_interval: 1s}]
                    relabel_configs:
                      - {source_labels: [__meta_tacho_name], target_label: node}
                      - {source_labels: [__meta_tacho_namespace, __meta_tacho_label_role], target_label: cluster}
                """.formatted(discovery.url()));

        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> assertThat(query("up{job=\"nodes\", node=\"name-u1\", cluster=\"discovery;007\"} == 1"))
                                .hasSize(1));
        beats.cancel(false);
        await().atMost(TIMEOUT).until(() -> activeTargets("nodes") == 0);
        assertThat(activeTargets("tacho")).isEqualTo(2);
    }

    private int activeTargets(String job) throws Exception {
        int active = 0;
        for (JsonNode target :
                JSON.readTree(send(prometheus + "/api/v1/targets?state=active")).at("/data/activeTargets")) {
            active += target.at("/labels/job").asText().equals(job) ? 1 : 0;
        }
        return active;
    }

    @Test
    void promtool_acceptsTheMetrics() throws Exception {
        Path promtool = InstalledProgram.require("promtool", "prometheus");
        await().atMost(TIMEOUT).until(() -> aggregators.get(0).names().size() == 3);
        Path page = Files.writeString(
                shared.resolve("page"), aggregators.get(0).send("/metrics").body());

        Process check = new ProcessBuilder(promtool.toString(), "check", "metrics")
                .redirectInput(page.toFile())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(check.getInputStream().readAllBytes(), UTF_8)).isEmpty();
        assertThat(check.waitFor()).isZero();
    }

    @Test
    void promtool_alertRuleTests_pass() throws Exception {
        Path promtool = InstalledProgram.require("promtool", "prometheus");

        for (List<String> arguments : List.of(
                List.of("test", "rules", "alerts_test.yml"),
                List.of("check", "rules", "alerts.yml"),
                List.of("check", "config", "prometheus.yml"))) {
            List<String> command = new ArrayList<>(List.of(promtool.toString()));
            command.addAll(arguments);
            Process process = new ProcessBuilder(command)
                    .directory(DEPLOY.resolve("prometheus").toFile())
                    .redirectErrorStream(true)
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as(out).isZero();
        }
    }
}
