// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema;
import io.tacho.cli.client.ApiClient;
import io.tacho.cli.client.ApiException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tools: their names, what assistants read about them, their arguments, and what they run. */
@SuppressWarnings("ImmutableEnumChecker") // unmodifiable maps, and functions without state
enum Tool {
    CLUSTER(
            "The whole cluster now: nodes by state, merged totals of all nodes (distinct users, percentiles of response times"
                    + " in nanoseconds, messages and bytes of the last completed window), recent membership changes and"
                    + " warnings.",
            Map.of(),
            ClusterTools::cluster),
    NODES(
            "The nodes with their 22 fields, e.g. the 5 busiest: sort=cpu_usage, order=desc, limit=5. Counters are of the last"
                    + " completed window of metrics_interval seconds, times are nanoseconds, memory is bytes.",
            arguments(
                    "name", text("Only nodes with this name; * matches any text"),
                    "label", text("Only nodes with this label, NAME=VALUE"),
                    "sort", text("A field, e.g. cpu_usage, num_clients, time_client_max, memory_sys"),
                    "order", choice("The order of sort", List.of("asc", "desc")),
                    "fields", text("Only these fields, separated by commas"),
                    "limit", number("At most this number of nodes, default 20", 1, ClusterTools.MAX_NODES),
                    "offset", number("The number of nodes to skip", 0, Integer.MAX_VALUE)),
            ClusterTools::nodes),
    NODE(
            "One node: state, age of its last beat, version, labels, fields, totals since its start, extra values, and flags of"
                    + " fields that are not exact.",
            arguments("uid", text("The uid of the node"), "name", text("Its name, if only one node has it")),
            ClusterTools::node),
    HISTORY(
            "The cluster over time, merged into steps: columns of the same length as times, in UNIX seconds. null is a gap.",
            arguments(
                    "from", text("UNIX seconds, ISO-8601, or relative to now, e.g. -6h; default -1h"),
                    "to", text("As from; default now"),
                    "step", text("The length of a step, e.g. 10m"),
                    "fields",
                            text(
                                    "Fields separated by commas, e.g. num_clients,time_client_p99; nodes is their number")),
            ClusterTools::history),
    MEMBERSHIP(
            "Which nodes joined, drained, left, were lost or restarted, newest first; time is in UNIX milliseconds.",
            arguments(
                    "change", choice("Only this kind of change", ClusterTools.CHANGES),
                    "name", text("Only changes of nodes with this name"),
                    "limit", number("At most this number of changes, default 50", 1, ClusterTools.MAX_CHANGES)),
            ClusterTools::membership),
    ALERTS(
            "The alerts, the rules that raise them, silences, and the last attempts to deliver notifications.",
            arguments(
                    "status", choice("Only alerts with this status", List.of("any", "firing", "resolved")),
                    "limit", number("At most this number of alerts, default 50", 1, ClusterTools.MAX_ALERTS)),
            ClusterTools::alerts);

    /** Runs a tool. */
    private interface Action {
        JsonNode run(ClusterTools tools, ToolArguments arguments) throws IOException;
    }

    private final String description;
    private final Map<String, Object> arguments;
    private final Action action;

    Tool(String description, Map<String, Object> arguments, Action action) {
        this.description = description;
        this.arguments = arguments;
        this.action = action;
    }

    /** Returns the tool for a server of the protocol. */
    SyncToolSpecification specification(ApiClient api) {
        ClusterTools tools = new ClusterTools(api);
        String name = name().toLowerCase(Locale.ROOT);
        McpSchema.Tool tool = McpSchema.Tool.builder(
                        name, Map.of("type", "object", "properties", arguments, "additionalProperties", false))
                .description(description)
                .annotations(McpSchema.ToolAnnotations.builder()
                        .readOnlyHint(true)
                        .destructiveHint(false)
                        .idempotentHint(true)
                        .openWorldHint(false)
                        .build())
                .build();
        return new SyncToolSpecification(tool, (exchange, request) -> call(tools, api, request.arguments()));
    }

    private McpSchema.CallToolResult call(ClusterTools tools, ApiClient api, Map<String, Object> values) {
        McpSchema.CallToolResult.Builder result = McpSchema.CallToolResult.builder();
        try {
            JsonNode json = action.run(tools, new ToolArguments(values, arguments.keySet()));
            return result.addTextContent(json.toString()).isError(false).build();
        } catch (IllegalArgumentException | ApiException e) {
            return result.addTextContent(String.valueOf(e.getMessage()))
                    .isError(true)
                    .build();
        } catch (IOException e) {
            return result.addTextContent("no response from " + api.url() + ": " + e.getMessage())
                    .isError(true)
                    .build();
        }
    }

    private static Map<String, Object> arguments(Object... namesAndSchemas) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        for (int i = 0; i < namesAndSchemas.length; i += 2) {
            arguments.put((String) namesAndSchemas[i], namesAndSchemas[i + 1]);
        }
        return arguments;
    }

    private static Map<String, Object> text(String description) {
        return Map.of("type", "string", "description", description);
    }

    private static Map<String, Object> choice(String description, List<String> choices) {
        return Map.of("type", "string", "enum", choices, "description", description);
    }

    private static Map<String, Object> number(String description, int min, int max) {
        return Map.of("type", "integer", "minimum", min, "maximum", max, "description", description);
    }
}
