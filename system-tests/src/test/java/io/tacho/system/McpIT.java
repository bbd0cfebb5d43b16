// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.SnapshotPublisher;
import io.tacho.testing.Snapshots;
import io.tacho.testing.TachoProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code tacho mcp} with the client of the protocol's SDK. */
class McpIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long TTL_MILLIS = 600_000;
    private static final int NODES = 30;

    @TempDir
    private static Path directory;

    private static EmbeddedRedis redis;
    private static RedisTransport transport;
    private static TestAggregator aggregator;
    private static McpSyncClient client;

    @BeforeAll
    static void start() throws Exception {
        redis = EmbeddedRedis.start();
        transport = new RedisTransport(RedisSettings.of(redis.uri()), new SnapshotCodec());
        SnapshotPublisher publisher = transport.publisher();
        for (int i = 0; i < NODES; i++) {
            publish(publisher, "n" + i);
        }
        aggregator = TestAggregator.start(redis.uri());
        aggregator.setAlertConfig(
                Files.writeString(directory.resolve("alerts"), "rule few nodes < 100\nrule many nodes > 100\n"));
        await().atMost(TIMEOUT).until(() -> aggregator.names().size() == NODES);
        await().atMost(TIMEOUT).until(() -> aggregator.alerts().path("firing").asInt() == 1);
        publish(publisher, "late");
        await().atMost(TIMEOUT)
                .until(() -> aggregator.get("/membership").path("changes").size() == 1);
        client = connect("--url", aggregator.url());
    }

    private static void publish(SnapshotPublisher publisher, String name) throws Exception {
        publisher
                .publish(Snapshots.beat("uid-" + name, name, System.currentTimeMillis(), TTL_MILLIS))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private static McpSyncClient connect(String... options) {
        List<String> command = TachoProgram.command("mcp");
        ServerParameters parameters = ServerParameters.builder(command.get(0))
                .args(IntStream.range(0, command.size() + options.length)
                        .skip(1)
                        .mapToObj(i -> i < command.size() ? command.get(i) : options[i - command.size()])
                        .toList())
                .build();
        StdioClientTransport stdio = new StdioClientTransport(parameters, new JacksonMcpJsonMapper(new ObjectMapper()));
        stdio.setStdErrorHandler(line -> {});
        McpSyncClient connected = McpClient.sync(stdio)
                .requestTimeout(TIMEOUT)
                .initializationTimeout(TIMEOUT)
                .jsonSchemaValidator((schema, value) -> ValidationResponse.asValid(""))
                .build();
        connected.initialize();
        return connected;
    }

    @AfterAll
    static void stop() throws Exception {
        client.closeGracefully();
        aggregator.close();
        transport.close();
        redis.close();
    }

    private static CallToolResult call(String tool, Map<String, Object> arguments) {
        return client.callTool(new CallToolRequest(tool, arguments));
    }

    private static String text(CallToolResult result) {
        assertThat(result.content()).hasSize(1);
        return ((TextContent) result.content().get(0)).text();
    }

    private static JsonNode result(String tool, Map<String, Object> arguments) throws Exception {
        CallToolResult result = call(tool, arguments);
        assertThat(result.isError()).as(text(result)).isFalse();
        return JSON.readTree(text(result));
    }

    @Test
    void tools_areSixAndReadOnly() {
        assertThat(client.getServerInfo().name()).isEqualTo("tacho");
        assertThat(client.listTools().tools())
                .extracting(Tool::name)
                .containsExactlyInAnyOrder("cluster", "nodes", "node", "history", "membership", "alerts");
        assertThat(client.listTools().tools()).allSatisfy(tool -> {
            assertThat(tool.annotations().readOnlyHint()).isTrue();
            assertThat(tool.inputSchema()).containsEntry("type", "object");
        });
    }

    @Test
    void cluster_equalsTheAggregatorResponse() throws Exception {
        JsonNode cluster = result("cluster", Map.of());

        assertThat(cluster.path("numbers")).isEqualTo(aggregator.cluster().path("numbers"));
        assertThat(cluster.at("/nodes/live").asInt()).isEqualTo(NODES + 1);
    }

    @Test
    void nodes_areSortedFilteredAndLimited() throws Exception {
        JsonNode few = result(
                "nodes",
                Map.of("sort", "name", "order", "desc", "fields", "uid,name,num_clients", "limit", 2, "name", "n*"));
        assertThat(few.path("nodes").findValuesAsText("name")).containsExactly("n9", "n8");
        assertThat(few.at("/nodes/0")).hasSize(3);
        assertThat(few.path("truncated").asBoolean()).isTrue();

        JsonNode rest = result("nodes", Map.of("limit", 200, "offset", 29));
        assertThat(rest.path("nodes")).hasSize(2);
        assertThat(rest.path("truncated").asBoolean()).isFalse();
        // without arguments
        assertThat(result("nodes", Map.of()).path("nodes")).hasSize(20);
    }

    @Test
    void node_isFoundByUidOrName() throws Exception {
        JsonNode byUid = result("node", Map.of("uid", "uid-n7"));
        assertThat(byUid.path("state").asText()).isEqualTo("live");
        assertThat(byUid.at("/stats/name").asText()).isEqualTo("n7");
        assertThat(result("node", Map.of("name", "n7")).path("uid").asText()).isEqualTo("uid-n7");
    }

    @Test
    void membership_listsTheChanges() throws Exception {
        JsonNode joined = result("membership", Map.of("change", "joined", "limit", 5));
        assertThat(joined.at("/changes/0/name").asText()).isEqualTo("late");
        assertThat(joined.at("/changes/0/node").isMissingNode()).isTrue();
        assertThat(result("membership", Map.of("change", "lost")).path("changes"))
                .isEmpty();
        assertThat(result("membership", Map.of("name", "n1")).path("changes")).isEmpty();
    }

    @Test
    void alerts_haveRulesAndFiringAlerts() throws Exception {
        JsonNode alerts = result("alerts", Map.of("status", "firing"));
        assertThat(alerts.path("alerts").findValuesAsText("alertname")).containsExactly("few");
        assertThat(alerts.path("rules")).hasSize(2);
        assertThat(alerts.path("truncated").asBoolean()).isFalse();
    }

    @Test
    void history_isBounded() throws Exception {
        JsonNode small = result("history", Map.of("from", "-1h", "step", "10m", "fields", "nodes,num_clients"));
        assertThat(small.path("fields")).hasSize(2);
        assertThat(small.path("truncated").asBoolean()).isFalse();

        JsonNode large = result("history", Map.of("from", "-20h", "step", "1m"));
        assertThat(large.path("truncated").asBoolean()).isTrue();
        int steps = large.path("times").size();
        assertThat(steps * (1 + large.path("fields").size())).isBetween(3_900, 4_000);
        assertThat(large.path("fields")).allSatisfy(column -> assertThat(column).hasSize(steps));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nodes | {\"limit\":201} | limit: 201 (expected: a number from 1 to 200)",
                "nodes | {\"limit\":\"5\"} | limit: 5 (expected: a number from 1 to 200)",
                "nodes | {\"name\":7} | name: 7 (expected: a text)",
                "nodes | {\"sort\":\"name\",\"order\":\"up\"} | order: 'up' (expected: one of asc, desc)",
                "nodes | {\"sorted\":\"x\"} | argument 'sorted' (expected: one of name, label, sort, order, fields, limit, offset)",
                "cluster | {\"x\":1} | argument 'x' (expected: none)",
                "node | {} | no uid and no name (expected: one of them)",
                "node | {\"name\":\"n?\"} | several nodes",
                "node | {\"name\":\"unknown\"} | name: 'unknown' is the name of no node (expected: one node)",
                "node | {\"uid\":\"../x\"} | no such node (expected: the uid of one that /nodes lists)",
                "nodes | {\"sort\":\"nonsense\"} | nonsense",
                "history | {\"from\":\"yesterday\"} | yesterday",
            })
    void invalidArguments_areErrorsWithTheExpectedValue(String tool, String arguments, String error) throws Exception {
        CallToolResult result = call(tool, JSON.convertValue(JSON.readTree(arguments), Map.class));

        assertThat(result.isError()).isTrue();
        assertThat(text(result)).contains(error);
    }

    @Test
    void noAggregator_isAnErrorOfTheTool() throws Exception {
        McpSyncClient disconnected = connect("--url", "http://127.0.0.1:1");
        try {
            CallToolResult result = disconnected.callTool(new CallToolRequest("cluster", Map.of()));
            assertThat(result.isError()).isTrue();
            assertThat(text(result)).startsWith("no response from http://127.0.0.1:1: ");
        } finally {
            disconnected.closeGracefully();
        }
    }

    @Test
    void endOfInput_endsTheProgram_andStandardOutputHasOnlyTheProtocol() throws Exception {
        Process process = new ProcessBuilder(
                        TachoProgram.command("mcp", "--url", aggregator.url(), "--log-level", "debug"))
                .redirectError(directory.resolve("mcp.log").toFile())
                .start();
        try {
            process.outputWriter().write("""
                    {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
                    """);
            process.outputWriter().flush();
            JsonNode initialized = JSON.readTree(process.inputReader().readLine());
            assertThat(initialized.at("/result/serverInfo/name").asText()).isEqualTo("tacho");
            assertThat(initialized.at("/result/instructions").asText()).contains("truncated");

            process.outputWriter().close();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(process.inputReader().readLine()).isNull();
        } finally {
            process.destroyForcibly();
        }
    }
}
