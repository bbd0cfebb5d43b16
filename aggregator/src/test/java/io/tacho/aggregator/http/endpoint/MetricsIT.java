// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.http.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer(3, null, 10);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path.replace("[]", "%5B%5D")));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String type(HttpResponse<byte[]> response) {
        return response.headers().firstValue("Content-Type").orElse("");
    }

    @Test
    void format_isNegotiatedByAcceptHeader() throws Exception {
        assertThat(type(get("/metrics"))).isEqualTo("text/plain; version=0.0.4; charset=utf-8");

        HttpResponse<byte[]> open = get(
                "/metrics",
                "Accept",
                "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2");
        assertThat(type(open)).startsWith("application/openmetrics-text; version=1.0.0");
        assertThat(new String(open.body(), UTF_8)).endsWith("# EOF\n");
    }

    @Test
    void gzip_isUsedIfAccepted() throws Exception {
        HttpResponse<byte[]> response = get("/metrics", "Accept-Encoding", "gzip");

        assertThat(response.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(response.headers().firstValue("Vary")).hasValue("Accept, Accept-Encoding");
        try (GZIPInputStream page = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            assertThat(new String(page.readAllBytes(), UTF_8)).contains("tacho_cluster_nodes{state=\"live\"} 3.0\n");
        }
    }

    @Test
    void nodes_canBeExcluded() throws Exception {
        String page = new String(get("/metrics?nodes=0").body(), UTF_8);

        assertThat(page).contains("tacho_cluster_nodes{state=\"live\"} 3.0\n").doesNotContain("tacho_node_");
    }

    @Test
    void families_canBeSelected() throws Exception {
        String page = new String(
                get("/metrics?name[]=tacho_cluster_clients&name%5B%5D=tacho_node_clients")
                        .body(),
                UTF_8);

        assertThat(page.lines().filter(line -> !line.startsWith("#")))
                .containsExactly(
                        "tacho_cluster_clients 12.0",
                        "tacho_node_clients{node=\"name-u0\",uid=\"u0\"} 4",
                        "tacho_node_clients{node=\"name-u1\",uid=\"u1\"} 4",
                        "tacho_node_clients{node=\"name-u2\",uid=\"u2\"} 4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nodes=no|nodes: 'no' (expected: 0 or 1)",
                "nodes=0&nodes=1|nodes: given 2 times (expected: once)",
                "name[]=nothing|name[]: 'nothing' (expected: a family of /metrics, e.g. tacho_cluster_clients)",
                "name=up|unknown parameter 'name' (expected: name[], nodes)"
            })
    void parameter_invalid_isRejected(String query, String message) throws Exception {
        HttpResponse<byte[]> response = get("/metrics?" + query);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(new String(response.body(), UTF_8)).contains(message);
    }

    @Test
    void requests_areCountedByRouteAndClass() throws Exception {
        get("/nodes/u0");
        get("/nodes/unknown");
        get("/nothing");

        assertThat(new String(get("/metrics").body(), UTF_8))
                .contains("tacho_aggregator_http_requests_total{endpoint=\"/nodes/{uid}\",status=\"2xx\"} 1.0\n")
                .contains("tacho_aggregator_http_requests_total{endpoint=\"/nodes/{uid}\",status=\"4xx\"} 1.0\n")
                .contains("tacho_aggregator_http_requests_total{endpoint=\"\",status=\"4xx\"} 1.0\n")
                .contains("tacho_aggregator_http_connections ");
    }
}
