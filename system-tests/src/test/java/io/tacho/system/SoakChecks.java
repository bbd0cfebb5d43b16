// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares the responses of aggregators with the expected state of the cluster. */
final class SoakChecks {

    /** Begins the line of an aggregator that does not respond. */
    static final String NO_RESPONSE = "no response: ";

    /** Begins the lines about the history. */
    static final String HISTORY = "history: ";

    private static final Set<String> MEMBER = Set.of("joined", "draining");
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final SoakCluster cluster;
    private final List<String> differences = new ArrayList<>();

    private SoakChecks(SoakCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Returns how the responses of all aggregators differ from what they should be.
     *
     * @param counts what has been counted since a time, UNIX seconds
     */
    static List<String> differences(SoakCluster cluster, SoakCounts counts, long sinceSeconds) throws Exception {
        SoakChecks checks = new SoakChecks(cluster);
        Set<String> membership = new HashSet<>();
        for (String url : cluster.urls()) {
            try {
                Set<String> uids = checks.view(url);
                checks.totals(checks.get(url + "/cluster"));
                checks.history(
                        checks.get(url + "/history?step=" + SoakCluster.WINDOW.toSeconds() + "&from=" + sinceSeconds),
                        counts);
                JsonNode changes = checks.get(url + "/membership").path("changes");
                checks.membership(changes, uids);
                membership.add(changes.toString());
            } catch (IOException e) {
                checks.differences.add(NO_RESPONSE + e);
            }
        }
        checks.expect("lists of membership changes", 1, membership.size());
        checks.cluster.log.unexplained().forEach(line -> checks.differences.add("no row of the runbook: " + line));
        return checks.differences;
    }

    private void expect(String what, long expected, long found) {
        if (expected != found) {
            differences.add(what + ": " + found + " (expected: " + expected + ")");
        }
    }

    private JsonNode get(String url) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(url + ": status " + response.statusCode() + ", " + response.body());
        }
        return json.readTree(response.body());
    }

    /** Compares the nodes, and returns their uids. */
    private Set<String> view(String url) throws Exception {
        JsonNode ready = get(url + "/-/ready");
        expect(
                "disconnected partitions",
                0,
                ready.at("/partitions/disconnected").asInt(-1));
        Map<String, String> missing = cluster.nodes();
        Set<String> uids = new HashSet<>();
        for (JsonNode node : get(url + "/stats").at("/data/nodes")) {
            String name = node.path("name").asText();
            String uid = node.path("uid").asText();
            uids.add(uid);
            String expected = missing.get(name);
            if (expected != null && (expected.isEmpty() || expected.equals(uid))) {
                missing.remove(name);
            } else {
                differences.add("should not be there: " + name + " " + uid);
            }
        }
        missing.forEach((name, uid) -> differences.add("missing: " + name + " " + uid));
        return uids;
    }

    private void totals(JsonNode found) {
        expect("live nodes", cluster.nodes().size(), found.at("/nodes/live").asLong());
        expect("stale nodes", 0, found.at("/nodes/stale").asLong());
        expect("num_clients", cluster.clients(), found.at("/merged/num_clients").asLong());
        expect(
                "nodes with a stale num_clients",
                0,
                found.at("/quality/num_clients/stale").asLong());
        expect("nodes without detail", 0, found.at("/detail/dropped_nodes").asLong());
    }

    private void history(JsonNode found, SoakCounts counts) {
        JsonNode fields = found.path("fields");
        expect(HISTORY + "published", counts.published(), sum(fields.path("num_msg_published")));
        expect(HISTORY + "API requests", counts.apiRequests(), sum(fields.path("num_api_requests")));
        expect(HISTORY + "client requests", counts.clientRequests(), sum(fields.path("num_client_requests")));
    }

    private static long sum(JsonNode column) {
        long sum = 0;
        for (JsonNode value : column) {
            sum += value.asLong();
        }
        return sum;
    }

    /** A node joins and departs in turn, and the last change of each node is that to its present state. */
    private void membership(JsonNode newestFirst, Set<String> members) {
        Map<String, String> last = new HashMap<>();
        for (int i = newestFirst.size() - 1; i >= 0; i--) {
            String change = newestFirst.get(i).path("change").asText();
            String uid = newestFirst.get(i).path("uid").asText();
            String before = last.put(uid, change);
            boolean alternates = before == null || change.equals("draining") || isMember(change) != isMember(before);
            if (!alternates) {
                differences.add("membership: " + uid + " " + change + " after " + before);
            }
        }
        last.forEach((uid, change) -> {
            if (isMember(change) != members.contains(uid)) {
                differences.add("membership: " + uid + " " + change + ", but "
                        + (members.contains(uid) ? "a member" : "no member"));
            }
        });
    }

    private static boolean isMember(String change) {
        return MEMBER.contains(change);
    }
}
