// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.cli.client.ApiClient;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the tools return: responses of an aggregator, shortened so that none is longer than an assistant can read. A shortened result
 * has {@code "truncated":true}.
 *
 * <p>Thread safety: safe.
 */
final class ClusterTools {

    static final List<String> CHANGES = List.of("any", "joined", "draining", "left", "lost", "restarted");
    static final int MAX_NODES = 200;
    static final int MAX_CHANGES = 500;
    static final int MAX_ALERTS = 200;
    static final int MAX_HISTORY_VALUES = 4_000;

    private static final String DEFAULT_HISTORY_FIELDS = "nodes,num_clients,num_unique_clients,num_channels,"
            + "num_msg_published,num_msg_sent,cpu_usage,memory_sys,time_api_p99,time_client_p99";

    private static final JsonMapper JSON = new JsonMapper();

    private final ApiClient api;

    ClusterTools(ApiClient api) {
        this.api = api;
    }

    /** Returns the totals and warnings of the cluster. */
    JsonNode cluster(ToolArguments arguments) throws IOException {
        return api.get("/cluster");
    }

    /** Returns nodes with their fields, sorted and filtered. */
    JsonNode nodes(ToolArguments arguments) throws IOException {
        int limit = arguments.number("limit", 20, 1, MAX_NODES);
        Query query = new Query("/stats")
                .add("limit", Integer.toString(limit + 1))
                .add("offset", Integer.toString(arguments.number("offset", 0, 0, Integer.MAX_VALUE)))
                .add("name", arguments.text("name"))
                .add("label", arguments.text("label"))
                .add("fields", arguments.text("fields"))
                .add("sort", arguments.text("sort"));
        if (arguments.text("sort") != null) {
            query.add("order", arguments.choice("order", List.of("asc", "desc")));
        }
        JsonNode data = api.get(query.toString()).path("data");
        ObjectNode result = JSON.createObjectNode()
                .put("metrics_interval", data.path("metrics_interval").asLong());
        return putLimited(result, "nodes", data.path("nodes"), limit, node -> true);
    }

    /** Returns everything about one node. */
    JsonNode node(ToolArguments arguments) throws IOException {
        String uid = arguments.text("uid");
        return api.get(new Query("/node")
                .add("uid", uid == null ? uidOf(arguments.text("name")) : uid)
                .toString());
    }

    private String uidOf(@Nullable String name) throws IOException {
        if (name == null) {
            throw new IllegalArgumentException("no uid and no name (expected: one of them)");
        }
        List<String> uids = api.get(
                        new Query("/stats").add("name", name).add("limit", "5").toString())
                .at("/data/nodes")
                .findValuesAsText("uid");
        if (uids.size() != 1) {
            throw new IllegalArgumentException("name: '" + name + "' is the name of "
                    + (uids.isEmpty() ? "no node" : "several nodes, with the uids " + String.join(", ", uids))
                    + " (expected: one node)");
        }
        return uids.get(0);
    }

    /** Returns the history of the cluster, the newest steps if there are too many. */
    JsonNode history(ToolArguments arguments) throws IOException {
        String fields = arguments.text("fields");
        JsonNode history = api.get(new Query("/history")
                .add("from", arguments.text("from"))
                .add("to", arguments.text("to"))
                .add("step", arguments.text("step"))
                .add("fields", fields == null ? DEFAULT_HISTORY_FIELDS : fields)
                .toString());
        int columns = 1 + history.path("fields").size();
        int excess = history.path("times").size() - MAX_HISTORY_VALUES / columns;
        ObjectNode result = (ObjectNode) history;
        result.put("truncated", excess > 0);
        if (excess > 0) {
            result.set("times", withoutFirst(history.path("times"), excess));
            ObjectNode values = (ObjectNode) history.path("fields");
            values.properties().forEach(field -> field.setValue(withoutFirst(field.getValue(), excess)));
        }
        return result;
    }

    private static ArrayNode withoutFirst(JsonNode values, int count) {
        ArrayNode rest = JSON.createArrayNode();
        for (int i = count; i < values.size(); i++) {
            rest.add(values.get(i));
        }
        return rest;
    }

    /** Returns the last membership changes, newest first, without the values that the nodes had. */
    JsonNode membership(ToolArguments arguments) throws IOException {
        int limit = arguments.number("limit", 50, 1, MAX_CHANGES);
        String change = arguments.choice("change", CHANGES);
        String name = arguments.text("name");
        JsonNode changes = api.get("/membership").path("changes");
        changes.forEach(each -> ((ObjectNode) each).remove("node"));
        return putLimited(
                JSON.createObjectNode(),
                "changes",
                changes,
                limit,
                each -> (change.equals("any")
                                || change.equals(each.path("change").asText()))
                        && (name == null || name.equals(each.path("name").asText())));
    }

    /** Returns the alerts, rules and silences. */
    JsonNode alerts(ToolArguments arguments) throws IOException {
        int limit = arguments.number("limit", 50, 1, MAX_ALERTS);
        String status = arguments.choice("status", List.of("any", "firing", "resolved"));
        JsonNode response = api.get("/alerts");
        return putLimited(
                (ObjectNode) response,
                "alerts",
                response.path("alerts"),
                limit,
                alert -> status.equals("any")
                        || status.equals(alert.path("status").asText()));
    }

    /** Puts the first matching elements into a result, with whether there are more. */
    private static ObjectNode putLimited(
            ObjectNode result, String name, JsonNode all, int limit, Predicate<JsonNode> filter) {
        List<JsonNode> matching = new ArrayList<>();
        all.forEach(element -> {
            if (filter.test(element)) {
                matching.add(element);
            }
        });
        result.put("truncated", matching.size() > limit);
        result.putArray(name).addAll(matching.subList(0, Math.min(limit, matching.size())));
        return result;
    }

    /** A path with parameters. */
    private static final class Query {
        private final StringBuilder path;
        private char separator = '?';

        Query(String path) {
            this.path = new StringBuilder(path);
        }

        Query add(String name, @Nullable String value) {
            if (value != null) {
                path.append(separator).append(name).append('=').append(URLEncoder.encode(value, UTF_8));
                separator = '&';
            }
            return this;
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }
}
