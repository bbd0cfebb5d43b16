// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import static io.tacho.aggregator.http.endpoint.OpenApiCases.KEY;
import static io.tacho.aggregator.http.endpoint.OpenApiCases.SECRET;
import static io.tacho.aggregator.http.endpoint.OpenApiCases.SILENCE;
import static io.tacho.aggregator.http.endpoint.OpenApiCases.get;
import static io.tacho.aggregator.http.endpoint.OpenApiCases.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tacho.aggregator.alert.rule.AlertConfig;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.http.TestServer;
import io.tacho.aggregator.http.endpoint.OpenApiCases.Case;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.NodeStatus;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.period.Period;
import io.tacho.model.period.Tier;
import io.tacho.store.NodeCommand;
import io.tacho.store.NodeCommand.Action;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.Snapshots;
import io.tacho.testing.Summaries;
import io.tacho.testing.Windows;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests everything in the description of the API, and validates the responses against it. */
class OpenApiIT {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private static TestServer server;
    private static JsonNode description;
    private static NodeCommand received;
    private static long seq;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer(3, new ApiSecret(SECRET), 100);
        server.view.onLoaded(new StoredSnapshot(Snapshots.detailed("detailed", 1), 15_000));
        server.view.onLoaded(Snapshots.stored("twin", "name-u1", 1));
        long slot = System.currentTimeMillis() / 60_000 * 60_000 - 300_000;
        server.transport
                .publisher()
                .upload(Windows.batch(
                        "u0",
                        0,
                        1,
                        Windows.minute(slot, 10, 5, 6)
                                .withExtras(new Extras(Map.of(
                                        "num_subs", Extra.gauge(75), "ping", Extra.timer(Windows.histogram(5)))))));
        server.executor.scheduleWithFixedDelay(OpenApiIT::beat, 0, 20, TimeUnit.MILLISECONDS);
        server.alerts.applyConfig(AlertConfig.parse(Path.of("alerts"), "rule node-lost lost"), 7_022);
        description = MAPPER.readTree(
                send(new Case("GET", "/openapi.json", Map.of(), "")).body());
    }

    /** A beat of a node that executes every command. */
    private static void beat() {
        NodeCommand command = received;
        SnapshotEnvelope beat = SnapshotEnvelope.builder(Snapshots.snapshot("obedient", "obedient"))
                .seq(++seq)
                .ttlMillis(60_000)
                .metricsIntervalSeconds(60)
                .status(new NodeStatus("host", 5_000, command != null && command.action() == Action.DRAIN)
                        .withAddress("chat-1:8000")
                        .withCapacity(1_000)
                        .withCommand(command == null ? null : command.id()))
                .build();
        received = server.transport
                .publisher()
                .publish(beat)
                .toCompletableFuture()
                .join()
                .command();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> send(Case requested) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + requested.path()))
                .method(requested.method(), BodyPublishers.ofString(requested.body()));
        requested.headers().forEach(request::header);
        if (requested.path().equals("/events") && requested.headers().containsKey("X-API-Key")) {
            // the stream does not end
            try (var stream = HTTP.send(request.build(), BodyHandlers.ofLines()).body()) {
                return HTTP.send(request.method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofString());
            }
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static void check(String what, JsonNode documented, Case requested) throws Exception {
        HttpResponse<String> response = send(requested);
        String status = what.substring(what.lastIndexOf(' ') + 1);
        assertThat(response.statusCode()).as(what).isEqualTo(Integer.parseInt(status));
        String contentType =
                response.headers().firstValue("Content-Type").orElse("").split(";", 2)[0];
        JsonNode content = documented.path("content");
        if (content.isMissingNode()) {
            assertThat(response.body()).as(what).isEmpty();
            return;
        }
        assertThat(content.has(contentType)).as(what + " " + contentType).isTrue();
        JsonNode body = contentType.equals("application/json")
                ? MAPPER.readTree(response.body())
                : MAPPER.getNodeFactory().textNode(response.body());
        ObjectNode schema = content.path(contentType).path("schema").deepCopy();
        schema.set("components", description.path("components"));
        assertThat(SCHEMAS.getSchema(schema).validate(body)).as(what).isEmpty();
    }

    @Test
    void description_hasEveryPathAndStatus() throws Exception {
        server.storedPeriods.put(
                new Period(Tier.DAY, 1_700_006_400, 86_400), Summaries.minute(1_700_006_400_000L, 3, 10, 425));
        server.becomeReady();
        await().until(() -> send(get("/-/ready", Map.of())).statusCode() == 200);
        await().until(() -> send(get("/alerts", KEY)).body().contains("node-lost"));
        String silence = MAPPER.readTree(
                        send(post("/alerts/silences", KEY, SILENCE)).body())
                .path("silenceID")
                .asText();
        await().until(() -> send(get("/alerts", KEY)).body().contains(silence));
        String script = Pattern.compile("assets/[0-9a-f]+/main\\.js")
                .matcher(send(get("/", Map.of())).body())
                .results()
                .map(found -> "/" + found.group())
                .findFirst()
                .orElseThrow();
        Map<String, List<Case>> cases = OpenApiCases.of(script, silence);
        Set<String> described = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : description.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                for (Map.Entry<String, JsonNode> response :
                        method.getValue().path("responses").properties()) {
                    String what = path.getKey() + " " + method.getKey() + " " + response.getKey();
                    described.add(what);
                    for (Case requested : cases.getOrDefault(what, List.of())) {
                        check(what, response.getValue(), requested);
                    }
                }
            }
        }
        for (String path : List.of("/node/", "/nodes/{uid}/")) {
            for (String action : List.of("drain", "undrain")) {
                for (int status : List.of(403, 409, 503, 504)) {
                    described.remove(path + action + " post " + status);
                }
            }
        }
        described.removeAll(Set.of(
                "/alerts/silences post 403",
                "/alerts/silences post 409",
                "/alerts/silences post 503",
                "/alerts/silences/{id}/end post 403",
                "/alerts/silences/{id}/end post 503",
                "/-/ready get 503",
                "/cluster get 503",
                "/history get 503",
                "/usage get 503",
                "/metrics get 503",
                "/sd/prometheus get 503"));
        assertThat(described).isEqualTo(new TreeSet<>(cases.keySet()));
    }

    /** The other rejections are tested by DrainServiceTest and SilenceServiceTest. */
    @Test
    void commands_withoutAnAdminKey_areForbidden() throws Exception {
        try (TestServer open = new TestServer(1, null, 10)) {
            HttpResponse<String> response = HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + open.port() + "/nodes/u0/drain"))
                            .POST(BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.body()).contains("this aggregator has no admin key (expected: TACHO_API_SECRET");
        }
    }

    @Test
    void commands_getRequest_isRejected() throws Exception {
        HttpResponse<String> response = send(get("/nodes/obedient/drain", KEY));

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void responses_aggregatorNotReady_matchTheDescription() throws Exception {
        try (TestServer waiting = new TestServer(0, null, 10)) {
            HttpResponse<String> response = HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + waiting.port() + "/-/ready"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(503);
            ObjectNode schema = MAPPER.createObjectNode().put("$ref", "#/components/schemas/Ready");
            schema.set("components", description.path("components"));
            assertThat(SCHEMAS.getSchema(schema).validate(MAPPER.readTree(response.body())))
                    .isEmpty();
            HttpResponse<String> targets = HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + waiting.port() + "/sd/prometheus"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(targets.statusCode()).isEqualTo(503);
            assertThat(targets.body()).contains("the nodes were not read from Redis yet");
        }
    }

    @Test
    void description_hasEveryServedPath() {
        Set<String> described = new TreeSet<>();
        description.path("paths").fieldNames().forEachRemaining(described::add);

        assertThat(described).isEqualTo(server.paths());
    }

    @Test
    void description_isValidOpenApi() {
        assertThat(description.path("openapi").asText()).startsWith("3.1.");
        assertThat(description.path("info").path("title").asText()).isNotEmpty();
    }
}
