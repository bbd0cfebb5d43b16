// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.aggregator.http.TestServer;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.NodeTotals;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.Snapshots;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatsEndpointIT {

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer(0, null, 20);
        server.becomeReady();
        await().untilAsserted(() -> assertThat(server.get("/-/ready")).startsWith("HTTP/1.1 200"));
        put("u1", "chat-a", 30, Map.of("zone", "eu", "tier", "1"));
        put("u2", "chat-b", 10, Map.of("zone", "us"));
        put("u3", "push-a", 20, Map.of("zone", "eu"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void put(String uid, String name, long clients, Map<String, String> labels) {
        NodeSnapshot snapshot = Snapshots.snapshot(uid, name).toBuilder()
                .set(Field.NUM_CLIENTS, clients)
                .build();
        server.view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(snapshot)
                        .seq(1)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(60)
                        .status(new NodeStatus(
                                        "h",
                                        5_000,
                                        false,
                                        "6.1.0",
                                        labels,
                                        QualityFlags.of(Map.of(Field.NUM_CHANNELS, Quality.BOUND)))
                                .withAddress("https://h:8443/metrics"))
                        .totals(new NodeTotals(1, 2, 3, 4, 5, 6, 7, 8, 9))
                        .build(),
                15_000));
    }

    private List<String> names(String query) throws IOException {
        Matcher names = Pattern.compile("\"name\":\"([^\"]*)\"").matcher(server.get("/stats" + query));
        return names.results().map(found -> found.group(1)).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    -                                | chat-a chat-b push-a
                    ?node=u2                         | chat-b
                    ?node=u2&node=u3                 | chat-b push-a
                    ?node=unknown                    | -
                    ?name=chat-*                     | chat-a chat-b
                    ?name=*-a                        | chat-a push-a
                    ?name=chat-%3F                   | chat-a chat-b
                    ?name=chat                       | -
                    ?label=zone%3Deu                 | chat-a push-a
                    ?label=zone=eu&label=tier=1      | chat-a
                    ?sort=num_clients                | chat-b push-a chat-a
                    ?sort=num_clients&order=desc     | chat-a push-a chat-b
                    ?sort=uid                        | chat-a chat-b push-a
                    ?order=desc                      | push-a chat-b chat-a
                    ?limit=2                         | chat-a chat-b
                    ?limit=1&offset=1                | chat-b
                    ?offset=7                        | -
                    ?limit=0                         | -
                    ?sort=num_clients&limit=1        | chat-b
                    """)
    void query_selectsAndSortsNodes(String query, String expected) throws IOException {
        assertThat(names(query == null ? "" : query))
                .isEqualTo(expected == null ? List.of() : Arrays.asList(expected.split(" ")));
    }

    @Test
    void fields_requested_areInCatalogueOrder() throws IOException {
        assertThat(server.get("/stats?fields=num_clients,uid&limit=1"))
                .endsWith(
                        "\r\n\r\n{\"data\":{\"nodes\":[{\"uid\":\"u1\",\"num_clients\":30}],\"metrics_interval\":60}}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ?foo=1            | unknown parameter 'foo' (expected: fields, label, limit, name,
                    ?limit=-1         | limit: '-1' (expected: a whole number, 0 or more)
                    ?limit=           | limit: '' (expected
                    ?limit=9999999999 | limit: '9999999999' (expected
                    ?limit=1&limit=2  | limit: given 2 times (expected: once)
                    ?sort=foo         | sort: 'foo' (expected: one of uid, name, num_goroutine
                    ?order=up         | order: 'up' (expected: asc or desc)
                    ?fields=uid,,name | fields: '' (expected: one of uid
                    ?label=zone       | label: 'zone' (expected: name=value)
                    ?name=            | name: 0 characters (expected: 1 to 255
                    ?x=%zz            | malformed query
                    ?x=%ff            | malformed query
                    """)
    void query_invalid_isRejected(String query, String message) throws IOException {
        assertThat(server.get("/stats" + query))
                .startsWith("HTTP/1.1 400 Bad Request")
                .contains("{\"error\":{\"code\":400,\"message\":\"" + message);
    }

    private static String tag(String response) {
        Matcher tag = Pattern.compile("\r\nETag: (\"[^\"]*\")\r\n").matcher(response);
        assertThat(tag.find()).isTrue();
        return tag.group(1);
    }

    @Test
    void etag_changesWithTheBody() throws IOException {
        String tag = tag(server.get("/stats"));

        for (String match : List.of(tag, "W/" + tag, "\"x\", " + tag, tag + ", \"x\"", "*")) {
            assertThat(server.get("/stats", "If-None-Match: " + match))
                    .startsWith("HTTP/1.1 304 Not Modified\r\nETag: " + tag)
                    .doesNotContain("Content-Length")
                    .endsWith("\r\n\r\n");
        }
        for (String other : List.of("\"x\"", tag.replace("\"", ""), "")) {
            assertThat(server.get("/stats", "If-None-Match: " + other)).startsWith("HTTP/1.1 200");
        }

        put("u4", "chat-d", 1, Map.of());

        assertThat(server.get("/stats", "If-None-Match: " + tag)).startsWith("HTTP/1.1 200");
        assertThat(tag(server.get("/stats?order=asc"))).isEqualTo(tag(server.get("/stats")));
    }

    @Test
    void etag_differsByQuery() throws IOException {
        String tag = tag(server.get("/stats?limit=1"));

        assertThat(server.get("/stats?limit=1", "If-None-Match: " + tag)).startsWith("HTTP/1.1 304");
        assertThat(server.get("/stats?limit=2", "If-None-Match: " + tag)).startsWith("HTTP/1.1 200");
    }

    /** The body is small enough for one buffer, or large. */
    @ParameterizedTest
    @ValueSource(ints = {50, 1_000, 5_000})
    void stats_keepAliveHeadAndHttp10_haveTheSameBody(int nodes) throws IOException {
        for (int i = 0; i < nodes; i++) {
            server.view.onLoaded(Snapshots.stored("many" + i, 1));
        }
        String once = server.get("/stats");
        String body = once.substring(once.indexOf("\r\n\r\n") + 4);
        String kept = server.exchange("GET /stats HTTP/1.1\r\nHost: t\r\n\r\n".repeat(5)
                + "HEAD /stats HTTP/1.1\r\nHost: t\r\n\r\n"
                + "GET /stats HTTP/1.0\r\n\r\n");

        String[] responses = kept.split("HTTP/1.[01] ", -1);
        assertThat(responses).hasSize(8);
        for (int i = 1; i <= 5; i++) {
            assertThat(responses[i])
                    .startsWith("200 OK\r\n")
                    .contains("\r\nETag: " + tag(once) + "\r\n")
                    .contains("\r\nContent-Length: " + body.length() + "\r\n")
                    .endsWith("\r\n\r\n" + body);
        }
        assertThat(responses[6])
                .contains("\r\nContent-Length: " + body.length() + "\r\n")
                .endsWith("\r\n\r\n");
        assertThat(responses[7]).endsWith("\r\n\r\n" + body);
    }

    @ParameterizedTest
    @CsvSource({"2, gzip", "500, 'br;q=1.0, gzip;q=0.5'", "500, *"})
    void gzip_hasTheSameContent(int nodes, String accepted) throws IOException {
        for (int i = 0; i < nodes; i++) {
            server.view.onLoaded(Snapshots.stored("many" + i, 1));
        }
        String plain = server.get("/stats");
        String response = server.get("/stats", "Accept-Encoding: " + accepted);

        assertThat(response).contains("\r\nContent-Encoding: gzip\r\n").contains("\r\nVary: Accept-Encoding\r\n");
        byte[] body = response.substring(response.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1);
        String inflated = new String(new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes(), UTF_8);
        assertThat(inflated).isEqualTo(plain.substring(plain.indexOf("\r\n\r\n") + 4));
        assertThat(server.get("/stats", "Accept-Encoding: gzip", "If-None-Match: " + tag(response)))
                .startsWith("HTTP/1.1 304");
    }

    @ParameterizedTest
    @CsvSource({"identity", "gzip;q=0", "br", "'gzip;q=0, *'"})
    void gzip_notAccepted_isNotUsed(String accepted) throws IOException {
        assertThat(server.get("/stats", "Accept-Encoding: " + accepted)).doesNotContain("Content-Encoding");
    }

    @Test
    void nodes_listsIdentityWithoutFields() throws IOException {
        assertThat(server.get("/nodes?name=chat-*&limit=1"))
                .contains("{\"total\":2,\"nodes\":[{\"uid\":\"u1\",\"name\":\"chat-a\",\"state\":\"live\",\"age_ms\":")
                .contains(
                        "\"host\":\"h\",\"version\":\"6.1.0\",\"address\":\"https://h:8443/metrics\",\"labels\":{\"tier\":\"1\",\"zone\":\"eu\"},\"surplus\":10}]}");
        assertThat(server.get("/nodes?state=stale")).endsWith("{\"total\":0,\"nodes\":[]}");
        assertThat(server.get("/nodes?state=dead"))
                .contains(
                        "state: 'dead' (expected: live, draining, stale, left, lost, restarted, or several separated by commas)")
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void node_hasStatusTotalsAndStats() throws IOException {
        assertThat(server.get("/nodes/u1"))
                .startsWith("HTTP/1.1 200")
                .contains("\"ttl_ms\":15000,\"metrics_interval\":60,\"publish_interval_ms\":5000")
                .contains("\"quality\":{\"num_channels\":\"bound\"}")
                .contains("\"totals\":{\"num_msg_published\":1,")
                .contains("\"stats\":{\"uid\":\"u1\",\"name\":\"chat-a\",");
        assertThat(server.get("/nodes/%75%31")).startsWith("HTTP/1.1 200");
        assertThat(server.get("/nodes/unknown")).startsWith("HTTP/1.1 404").contains("no such node");
        assertThat(server.get("/nodes/")).startsWith("HTTP/1.1 404");
        assertThat(server.get("/nodes/a%00b")).startsWith("HTTP/1.1 400");
    }

    @Test
    void v1Node_hasRawTotals() throws IOException {
        String request = "{\"method\":\"node\",\"params\":{\"name\":\"chat-a\"}}";

        assertThat(server.exchange("POST /api/ HTTP/1.1\r\nHost: t\r\nConnection: close\r\n"
                        + "Content-Type: application/json\r\nContent-Length: " + request.length() + "\r\n\r\n"
                        + request))
                .contains("[{\"body\":{\"data\":{\"uid\":\"u1\",\"name\":\"chat-a\",")
                .contains("\"num_msg_published\":1,\"num_msg_queued\":2,\"num_msg_sent\":3,\"num_api_requests\":4,")
                .contains("\"time_api_mean\":0")
                .endsWith("}},\"error\":null,\"method\":\"node\"}]");
    }

    @ParameterizedTest
    @CsvSource({".,.", "..,..", "host:8000/a/b,host:8000/a/b", "host:8000/a/b,host%3A8000%2Fa%2Fb"})
    void node_uidInvalidInAPath_isFoundByQuery(String uid, String queried) throws IOException {
        server.view.onLoaded(Snapshots.stored(uid, 1));

        assertThat(server.get("/node?uid=" + queried))
                .startsWith("HTTP/1.1 200")
                .contains("\"uid\":\"" + uid + "\"");
        assertThat(server.get("/node?id=" + queried))
                .startsWith("HTTP/1.1 400")
                .contains("query: [id] (expected: [uid])");
    }
}
