// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.tacho.cli.client.MemoryApi;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterToolsTest {

    private final MemoryApi api = new MemoryApi();
    private final ClusterTools tools = new ClusterTools(api.client());

    private static ToolArguments arguments(Map<String, Object> values) {
        return new ToolArguments(values, values.keySet());
    }

    private static String nodes(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"uid\":\"u" + i + "\",\"name\":\"n\"}")
                .collect(Collectors.joining(",", "{\"data\":{\"metrics_interval\":60,\"nodes\":[", "]}}"));
    }

    private CallToolResult call(Tool tool, Map<String, Object> arguments) {
        SyncToolSpecification specification = tool.specification(api.client());
        return specification
                .callHandler()
                .apply(null, new CallToolRequest(specification.tool().name(), arguments));
    }

    private static String text(CallToolResult result) {
        return ((TextContent) result.content().get(0)).text();
    }

    @Test
    void nodes_requestsOneMoreThanTheLimit_toDetectTruncation() throws IOException {
        api.on("/stats?limit=21&offset=0", nodes(21)).on("/stats?limit=22&offset=0", nodes(21));

        JsonNode twenty = tools.nodes(arguments(Map.of()));
        JsonNode all = tools.nodes(arguments(Map.of("limit", 21)));

        assertThat(twenty.path("nodes")).hasSize(20);
        assertThat(twenty.path("truncated").asBoolean()).isTrue();
        assertThat(twenty.path("metrics_interval").asInt()).isEqualTo(60);
        assertThat(all.path("nodes")).hasSize(21);
        assertThat(all.path("truncated").asBoolean()).isFalse();
    }

    @Test
    void nodes_filterAndSort_areEncoded() throws IOException {
        String path =
                "/stats?limit=6&offset=10&name=a+b%26*&label=zone%3Deu&fields=name%2Cuid&sort=cpu_usage&order=desc";
        api.on(path, nodes(1));

        JsonNode found = tools.nodes(arguments(Map.of(
                "limit",
                5,
                "offset",
                10,
                "name",
                "a b&*",
                "label",
                "zone=eu",
                "fields",
                "name,uid",
                "sort",
                "cpu_usage",
                "order",
                "desc")));

        assertThat(found.path("nodes")).hasSize(1);
        assertThat(api.requests()).containsExactly("GET " + path);
    }

    @Test
    void nodes_orderWithoutSort_isNotRequested() throws IOException {
        api.on("/stats?limit=21&offset=0", nodes(0));

        assertThat(tools.nodes(arguments(Map.of("order", "desc"))).path("nodes"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0", "201", "-1"})
    void nodes_limitOutOfRange_isRejected(int limit) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tools.nodes(arguments(Map.of("limit", limit))))
                .withMessage("limit: " + limit + " (expected: a number from 1 to 200)");
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void node_byUid_isRequestedDirectly() throws IOException {
        api.on("/node?uid=u%2F1", "{\"uid\":\"u/1\"}");

        assertThat(tools.node(arguments(Map.of("uid", "u/1", "name", "ignored")))
                        .path("uid")
                        .asText())
                .isEqualTo("u/1");
        assertThat(api.requests()).hasSize(1);
    }

    @Test
    void node_byName_isResolvedToItsUid() throws IOException {
        api.on("/stats?name=n&limit=5", nodes(1)).on("/node?uid=u0", "{\"uid\":\"u0\"}");

        assertThat(tools.node(arguments(Map.of("name", "n"))).path("uid").asText())
                .isEqualTo("u0");
    }

    @Test
    void node_unknownOrAmbiguousName_isRejected() {
        api.on("/stats?name=none&limit=5", nodes(0)).on("/stats?name=n&limit=5", nodes(2));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> tools.node(arguments(Map.of("name", "none"))))
                .withMessage("name: 'none' is the name of no node (expected: one node)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tools.node(arguments(Map.of("name", "n"))))
                .withMessage("name: 'n' is the name of several nodes, with the uids u0, u1 (expected: one node)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tools.node(arguments(Map.of())))
                .withMessage("no uid and no name (expected: one of them)");
    }

    @ParameterizedTest
    @CsvSource({"1999, false, 0", "2000, false, 0", "2001, true, 1", "2500, true, 500"})
    void history_tooLong_retainsTheNewestSteps(int steps, boolean truncated, int first) throws IOException {
        String column =
                IntStream.range(0, steps).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));
        api.on("/history?fields=nodes", "{\"times\":" + column + ",\"fields\":{\"nodes\":" + column + "}}");

        JsonNode history = tools.history(arguments(Map.of("fields", "nodes")));

        assertThat(history.path("truncated").asBoolean()).isEqualTo(truncated);
        assertThat(history.path("times")).hasSize(steps - first);
        assertThat(history.at("/times/0").asInt()).isEqualTo(first);
        assertThat(history.path("fields").path("nodes")).isEqualTo(history.path("times"));
    }

    @Test
    void membership_isFiltered_withoutNodeObjects() throws IOException {
        api.on("/membership", """
                {"changes":[{"change":"left","name":"a","node":{"uid":"1"}},
                 {"change":"joined","name":"a"},{"change":"left","name":"b"},{"change":"left","name":"a"}]}""");

        assertThat(tools.membership(arguments(Map.of("change", "left", "name", "a")))
                        .toString())
                .isEqualTo("{\"truncated\":false,\"changes\":[{\"change\":\"left\",\"name\":\"a\"},"
                        + "{\"change\":\"left\",\"name\":\"a\"}]}");
        JsonNode two = tools.membership(arguments(Map.of("limit", 2)));
        assertThat(two.path("truncated").asBoolean()).isTrue();
        assertThat(two.path("changes"))
                .extracting(each -> each.path("change").asText())
                .containsExactly("left", "joined");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tools.membership(arguments(Map.of("change", "gone"))))
                .withMessage("change: 'gone' (expected: one of any, joined, draining, left, lost, restarted)");
    }

    @ParameterizedTest
    @CsvSource({"any, 3", "firing, 2", "resolved, 1"})
    void alerts_areFilteredByStatus(String status, int expected) throws IOException {
        api.on(
                "/alerts",
                "{\"rules\":[1],\"alerts\":[{\"status\":\"firing\"},{\"status\":\"resolved\"},{\"status\":\"firing\"}]}");

        JsonNode alerts = tools.alerts(arguments(Map.of("status", status)));

        assertThat(alerts.path("alerts")).hasSize(expected);
        assertThat(alerts.path("rules")).hasSize(1);
    }

    @Test
    void tool_failure_isAnErrorResult() {
        api.down("/cluster").on("/stats?name=n&limit=5", nodes(2));

        CallToolResult unreachable = call(Tool.CLUSTER, Map.of());
        assertThat(unreachable.isError()).isTrue();
        assertThat(text(unreachable))
                .isEqualTo("no response from " + api.client().url() + ": Connection refused");
        assertThat(text(call(Tool.NODE, Map.of("name", "n")))).startsWith("name: 'n' is the name of several nodes");
        assertThat(text(call(Tool.NODE, Map.of("uid", "u")))).isEqualTo("no such path");
        assertThat(text(call(Tool.CLUSTER, Map.of("limit", 5)))).isEqualTo("argument 'limit' (expected: none)");
    }

    @Test
    void tool_success_returnsTheJsonOfTheAggregator() {
        api.on("/cluster", "{\"numbers\":{\"num_clients\":7}}");

        CallToolResult result = call(Tool.CLUSTER, Map.of());

        assertThat(result.isError()).isFalse();
        assertThat(text(result)).isEqualTo("{\"numbers\":{\"num_clients\":7}}");
    }

    @Test
    void tools_areReadOnly() {
        assertThat(List.of(Tool.values())).allSatisfy(tool -> {
            SyncToolSpecification specification = tool.specification(api.client());
            assertThat(specification.tool().name()).isEqualTo(tool.name().toLowerCase(Locale.ROOT));
            assertThat(specification.tool().annotations().readOnlyHint()).isTrue();
            assertThat(specification.tool().annotations().destructiveHint()).isFalse();
        });
    }
}
