// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.process.ChildProcess;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.system.ReleaseProgram.Release;
import io.tacho.testing.RedisExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Agents and aggregators of the previous release and of this one, as processes, mixed on one Redis. It is not part of a build, which
 * has no previous release: {@code .ci/upgrade} runs it.
 */
class MixedVersions {

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<ChildProcess> AGGREGATORS = new ArrayList<>();
    private static final Map<Release, String> URLS = new EnumMap<>(Release.class);

    private static RedisSettings settings;

    @TempDir
    private Path directory;

    private final List<ChildProcess> agents = new ArrayList<>();

    @BeforeAll
    static void startAnAggregatorOfEach() throws Exception {
        settings = REDIS.settings();
        for (Release release : Release.values()) {
            ChildProcess aggregator = start(release, "aggregator", "--listen=127.0.0.1:0");
            AGGREGATORS.add(aggregator);
            URLS.put(release, aggregator.awaitAddress(TIMEOUT));
        }
    }

    @AfterAll
    static void stopAggregators() {
        AGGREGATORS.forEach(ChildProcess::close);
    }

    @AfterEach
    void stopAgents() {
        agents.forEach(ChildProcess::terminate);
        agents.forEach(ChildProcess::close);
        awaitNodes(0);
    }

    private static ChildProcess start(Release release, String subcommand, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of(subcommand, "--redis=" + settings.uri(), "--namespace=" + settings.namespace()));
        arguments.addAll(List.of(options));
        return ReleaseProgram.start(release, arguments.toArray(new String[0]));
    }

    private ChildProcess agent(Release release, String subcommand, String... options) throws Exception {
        ChildProcess agent = start(release, subcommand, options);
        agents.add(agent);
        return agent;
    }

    private ChildProcess agent(Release release, String name) throws Exception {
        return agent(
                release, "agent", "--name=" + name, "--metrics-interval=1s", "--publish-interval=200ms", "--ttl=3s");
    }

    private static JsonNode get(String url) throws Exception {
        HttpResponse<String> response =
                HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as("%s: %s", url, response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static List<String> names(String aggregator) throws Exception {
        return get(aggregator + "/stats").path("data").path("nodes").findValuesAsText("name");
    }

    private static void awaitNodes(int count) {
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            for (String aggregator : URLS.values()) {
                assertThat(names(aggregator)).hasSize(count);
            }
        });
    }

    private static void assertNothingIsMalformed() throws Exception {
        for (String aggregator : URLS.values()) {
            JsonNode cluster = get(aggregator + "/cluster");
            assertThat(cluster.at("/messages/malformed").toString()).isEqualTo("{}");
            assertThat(cluster.at("/messages/rejected").asInt()).isZero();
            assertThat(cluster.path("warnings").findValuesAsText("code")).doesNotContain("unreadable_detail");
        }
    }

    @Test
    void bothAggregators_haveTheSameNodesHistogramsAndSketches() throws Exception {
        for (Release release : Release.values()) {
            agent(release, "swarm", "--nodes=3", "--interval=1s", "--detail=8KiB");
        }
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            for (String aggregator : URLS.values()) {
                JsonNode cluster = get(aggregator + "/cluster");
                assertThat(cluster.at("/nodes/live").asInt()).isEqualTo(6);
                assertThat(cluster.at("/quantiles/time_client/nodes").asInt()).isEqualTo(6);
                assertThat(cluster.at("/merged/num_unique_clients/union/nodes").asInt())
                        .isEqualTo(6);
            }
            assertThat(get(URLS.get(Release.CURRENT) + "/stats").path("data"))
                    .isEqualTo(get(URLS.get(Release.PREVIOUS) + "/stats").path("data"));
        });
        assertNothingIsMalformed();
    }

    /** Each node is replaced by one of the other version, in both directions: none of them is missing in any response. */
    @ParameterizedTest
    @CsvSource({"PREVIOUS, CURRENT", "CURRENT, PREVIOUS"})
    void upgradeAndDowngrade_noNodeIsMissing(Release from, Release to) throws Exception {
        Map<String, ChildProcess> nodes = new TreeMap<>();
        for (String name : List.of("n1", "n2")) {
            nodes.put(name, agent(from, name));
        }
        awaitNodes(2);
        try (ResponseWatch watch =
                new ResponseWatch(nodes.keySet(), List.of(() -> names(URLS.get(from)), () -> names(URLS.get(to))))) {
            for (Map.Entry<String, ChildProcess> node : nodes.entrySet()) {
                agent(to, node.getKey());
                awaitNodes(3);
                node.getValue().terminate();
                awaitNodes(2);
            }
            watch.assertComplete();
        }
        assertNothingIsMalformed();
    }

    @ParameterizedTest
    @EnumSource
    void killedNode_isLostOnBothAggregators(Release release) throws Exception {
        ChildProcess node = agent(release, "killed");
        awaitNodes(1);

        node.kill();

        awaitNodes(0);
        for (String aggregator : URLS.values()) {
            await().untilAsserted(() -> assertThat(
                            get(aggregator + "/membership").path("changes").findValuesAsText("change"))
                    .startsWith("lost", "joined"));
        }
    }

    @Test
    void history_bothAggregators_haveTheWindowsOfBothAgents() throws Exception {
        agent(Release.PREVIOUS, "previous");
        agent(Release.CURRENT, "current");
        awaitNodes(2);
        long from = System.currentTimeMillis() / 1_000 + 2;
        String span = "/history?step=1s&fields=nodes,num_goroutine&from=" + from + "&to=" + (from + 3);

        await().atMost(TIMEOUT).untilAsserted(() -> {
            for (String aggregator : URLS.values()) {
                JsonNode fields = get(aggregator + span).path("fields");
                assertThat(fields.path("nodes").toString()).isEqualTo("[2,2,2]");
                assertThat(fields)
                        .isEqualTo(get(URLS.get(Release.CURRENT) + span).path("fields"));
            }
        });
    }

    /** This release reads a configuration file that the previous release has printed. */
    @ParameterizedTest
    @CsvSource({"agent, name = chat_1", "aggregator, max-nodes = 5"})
    void savedConfiguration_ofThePreviousRelease_isRead(String subcommand, String setting) throws Exception {
        Path file = Files.writeString(directory.resolve("settings"), setting + "\n");
        Path saved = Files.writeString(directory.resolve("saved"), printConfig(Release.PREVIOUS, subcommand, file));

        assertThat(printConfig(Release.CURRENT, subcommand, saved)).contains("\n" + setting + "\n");
    }

    private String printConfig(Release release, String subcommand, Path file) throws Exception {
        try (ChildProcess program = ReleaseProgram.start(release, subcommand, "--config=" + file, "--print-config")) {
            assertThat(program.awaitExit()).as(program.log()).isZero();
            return program.out();
        }
    }
}
