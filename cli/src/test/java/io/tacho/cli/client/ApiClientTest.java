// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiClientTest {

    private static final String STATS =
            "{\"data\":{\"nodes\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"metrics_interval\":60}}";

    private final MemoryApi api = new MemoryApi();
    private final ApiClient client = api.client();

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void stats_compressed_areDecompressed() throws IOException {
        api.on("/stats", 200, gzip(STATS), Map.of("Content-Encoding", "gzip"));

        ApiClient.Stats stats = client.stats();

        assertThat(stats.nodes()).extracting(node -> node.path("name").asText()).containsExactly("a", "b");
        assertThat(stats.metricsIntervalSeconds()).isEqualTo(60);
        assertThat(stats.staleMillis()).isZero();
        assertThat(stats.stalePartitions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "3/8,   3/8",
        "8/8,   ''",
        "1/1,   ''",
        "1/18,  1/18",
        "2/256, 2/256",
        "16/16, ''",
        "none,  ''",
    })
    void stats_stale_haveTheirAgeAndTheShareOfThePartitions(String header, String share) throws IOException {
        api.on(
                "/stats",
                200,
                STATS.getBytes(UTF_8),
                Map.of("X-Tacho-Stale-Ms", "7000", "X-Tacho-Stale-Partitions", header));

        assertThat(client.stats().staleMillis()).isEqualTo(7_000);
        assertThat(client.stats().stalePartitions()).isEqualTo(share);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "{\"data\":{\"nodes\":7}}", "{\"result\":{\"nodes\":[]}}"})
    void stats_ofAnotherServer_areRejected(String body) {
        api.on("/stats", body);

        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(client::stats)
                .withMessage(client.url() + "/stats: no nodes in the response (expected: an aggregator of Tacho)");
    }

    @Test
    void get_rejected_hasTheMessageOfTheAggregator() {
        api.on("/history?step=1", 400, "{\"error\":{\"code\":400,\"message\":\"step: '1' (expected: a duration)\"}}")
                .on("/empty", 400, "")
                .on("/other", 404, "{\"reason\":\"none\"}");

        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> client.get("/history?step=1"))
                .withMessage("step: '1' (expected: a duration)");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> client.get("/empty"))
                .withMessage("status 400");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> client.get("/other"))
                .withMessage("status 404");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503})
    void get_serverError_isAnIOException(int status) {
        api.on("/cluster", status, "<html>");

        assertThatThrownBy(client::cluster)
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("status " + status);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 301, 302, 429})
    void get_unexpectedStatus_isAnApiException(int status) {
        api.on("/membership", status, "");

        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(client::membership)
                .withMessage(client.url() + "/membership: status " + status
                        + " (expected: 200, from an aggregator of Tacho)");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void get_unauthorized_errorHasTheMissingKey(int status) {
        api.on("/cluster", status, "");

        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(client::cluster)
                .withMessage("the aggregator requires a key (expected: TACHO_API_KEY in the environment, or"
                        + " --api-key-file)");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> api.client("k-1").cluster())
                .withMessage("the aggregator rejects the key (expected: one that may read)");
        assertThat(api.requests()).containsExactly("GET /cluster", "GET /cluster k-1");
    }

    @Test
    void get_unreachable_isNotAnApiException() {
        api.down("/cluster");

        assertThatThrownBy(client::cluster)
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(ApiException.class)
                .hasMessage("Connection refused");
    }

    @Test
    void post_hasTheMethodAndTheKey() throws IOException {
        api.on("/drain?uid=u", "{\"state\":\"draining\"}");

        JsonNode response = api.client("admin").post("/drain?uid=u");

        assertThat(response.path("state").asText()).isEqualTo("draining");
        assertThat(api.requests()).containsExactly("POST /drain?uid=u admin");
    }

    @Test
    void post_rejected_hasTheReason() {
        api.on("/drain?uid=u", 401, "")
                .on("/drain?uid=v", 409, "{\"error\":{\"message\":\"v: lost (expected: a live node)\"}}")
                .on("/drain?uid=w", 503, "");

        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> api.client("k-1").post("/drain?uid=u"))
                .withMessage("the aggregator rejects the key (expected: the admin key)");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> client.post("/drain?uid=u"))
                .withMessageStartingWith("the aggregator requires a key");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> client.post("/drain?uid=v"))
                .withMessage("v: lost (expected: a live node)");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> client.post("/drain?uid=w"))
                .withMessage("status 503");
    }

    @Test
    void text_isTheUnchangedBody() throws IOException {
        api.on("/history?format=csv", "time,nodes\n1,2 ä\n")
                .on("/history?from=x", 400, "{\"error\":{\"message\":\"from: 'x' (expected: a time)\"}}");

        assertThat(client.text("/history?format=csv", "text/csv")).isEqualTo("time,nodes\n1,2 ä\n");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> client.text("/history?from=x", "text/csv"))
                .withMessage("from: 'x' (expected: a time)");
    }

    @Test
    void follow_passesEachEventWithItsType() throws IOException {
        api.on("/events", """
                : comment
                retry: 1000

                event: reset
                data: {"ready":true}

                data: {"n":1}

                event: left
                id: 7
                data: {"uid":"u"}
                data: {"uid":"v"}

                event: without data

                data: {"n":2}
                """);
        List<String> events = new ArrayList<>();

        client.follow(new ApiClient.EventListener() {
            @Override
            public void opened() {
                events.add("opened");
            }

            @Override
            public void event(String type, JsonNode data) {
                events.add(type + " " + data);
            }
        });

        assertThat(events)
                .containsExactly(
                        "opened",
                        "reset {\"ready\":true}",
                        "message {\"n\":1}",
                        "left {\"uid\":\"u\"}",
                        "left {\"uid\":\"v\"}",
                        "message {\"n\":2}");
    }

    @Test
    void status_isTheStatusOfTheResponse() throws IOException {
        api.on("/health/ready", 503, "");

        assertThat(client.status("/health/ready", 100)).isEqualTo(503);
        assertThat(client.status("/absent", 100)).isEqualTo(404);
    }

    @Test
    void url_doesNotShowAPassword() {
        ApiClient secret = new ApiClient(URI.create("http://user:secret@host:7022"), null, null);

        assertThat(secret.url()).contains("host:7022").doesNotContain("secret");
    }
}
