// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.Aggregator;
import io.tacho.aggregator.AggregatorSettings;
import io.tacho.aggregator.alert.rule.AlertConfig;
import io.tacho.aggregator.api.ApiKeys;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.otlp.OtlpSettings;
import io.tacho.aggregator.view.ViewMetrics;
import io.tacho.redis.connection.RedisSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A real aggregator on a free port, with an HTTP client. */
final class TestAggregator implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Aggregator aggregator;

    private TestAggregator(Aggregator aggregator) {
        this.aggregator = aggregator;
    }

    static TestAggregator start(String redisUri) throws IOException {
        return start(RedisSettings.of(redisUri));
    }

    static TestAggregator start(RedisSettings redis) throws IOException {
        return start(AggregatorSettings.of(new InetSocketAddress("127.0.0.1", 0), redis));
    }

    static TestAggregator start(AggregatorSettings settings) throws IOException {
        Aggregator aggregator = new Aggregator(settings);
        aggregator.start();
        return new TestAggregator(aggregator);
    }

    String url() {
        return aggregator.url();
    }

    boolean isReady() throws Exception {
        return send("/-/ready").statusCode() == 200;
    }

    JsonNode stats() throws Exception {
        HttpResponse<String> response = send("/stats");
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        return JSON.readTree(response.body()).path("data");
    }

    List<String> names() throws Exception {
        List<String> names = new ArrayList<>();
        stats().path("nodes").forEach(node -> names.add(node.path("name").asText()));
        return names;
    }

    /** Waits until the nodes have exactly these names. */
    void awaitNodes(String... names) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(names()).containsExactly(names));
    }

    JsonNode cluster() throws Exception {
        return get("/cluster");
    }

    JsonNode alerts() throws Exception {
        return get("/alerts");
    }

    /** Reads the alert file, as at startup and after each change. */
    String setAlertConfig(Path file) {
        return aggregator.setAlertConfig(AlertConfig.read(file));
    }

    /** Puts another key in force. */
    void replaceKey(String secret) {
        aggregator.replaceKeys(new ApiKeys(new ApiSecret(secret), List.of()));
    }

    void pushMetrics(OtlpSettings settings) {
        aggregator.pushMetrics(settings);
    }

    /** {@return the port on which agent-checks are responded to} */
    int listenForAgentChecks() {
        return aggregator
                .placement()
                .listenForAgentChecks(new InetSocketAddress("127.0.0.1", 0))
                .port();
    }

    ViewMetrics metrics() {
        return aggregator.metrics();
    }

    JsonNode get(String path) throws Exception {
        return JSON.readTree(send(path).body());
    }

    HttpResponse<String> send(String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(aggregator.url() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        aggregator.close();
    }
}
