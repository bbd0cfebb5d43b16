// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests everything in the description of the API, and validates the responses against it. */
class OpenApiIT {

    private record Case(String method, String path, Map<String, String> headers, String body) {}

    private static final String SECRET = "s3cret";
    private static final Map<String, String> KEY = Map.of("X-API-Key", SECRET);
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private static final String SILENCE = "{\"matchers\":[{\"name\":\"alertname\",\"value\":\"node-lost\"},"
            + "{\"name\":\"node\",\"value\":\"chat_*\"}],\"endsAt\":\""
            + Instant.now().plusSeconds(3_600) + "\",\"comment\":\"upgrade\"}";

    private static TestServer server;
    private static String silence;
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

    /** For each path, method and status of the description a request that gets it; 503 and what takes its time is requested for apart. */
    private static Map<String, List<Case>> cases() throws Exception {
        Map<String, List<Case>> cases = new LinkedHashMap<>();
        for (String path : List.of("/-/healthy", "/-/ready", "/openapi.json")) {
            put(cases, path, "get 200", get(path, Map.of()));
        }
        for (String path : List.of(
                "/stats",
                "/fields",
                "/cluster",
                "/history",
                "/usage",
                "/membership",
                "/events",
                "/alerts",
                "/metrics",
                "/sd/prometheus")) {
            put(cases, path, "get 200", get(path, KEY));
            put(cases, path, "get 401", get(path, Map.of()));
        }
        String main = Pattern.compile("assets/[0-9a-f]+/main\\.js")
                .matcher(send(get("/", Map.of())).body())
                .results()
                .map(found -> "/" + found.group())
                .findFirst()
                .orElseThrow();
        for (String path : List.of("/nodes", "/nodes/{uid}", "/nodes/{uid}/series")) {
            put(cases, path, "get 200", get(path.replace("{uid}", "detailed"), KEY));
            put(cases, path, "get 401", get(path.replace("{uid}", "detailed"), Map.of()));
        }
        for (String path : List.of("/node", "/node/series")) {
            put(cases, path, "get 200", get(path + "?uid=detailed", KEY));
            put(cases, path, "get 400", get(path, KEY));
            put(cases, path, "get 400", get(path + "?uid=a&uid=b", KEY));
            put(cases, path, "get 401", get(path + "?uid=detailed", Map.of()));
            put(cases, path, "get 404", get(path + "?uid=unknown", KEY));
        }
        put(cases, "/alerts/silences", "post 201", post("/alerts/silences", KEY, SILENCE));
        put(cases, "/alerts/silences", "post 400", post("/alerts/silences", KEY, "{}"));
        put(cases, "/alerts/silences", "post 401", post("/alerts/silences", Map.of(), SILENCE));
        String end = "/alerts/silences/{id}/end";
        put(cases, end, "post 200", post(end.replace("{id}", silence), KEY, ""));
        put(cases, end, "post 401", post(end.replace("{id}", silence), Map.of(), ""));
        put(cases, end, "post 404", post(end.replace("{id}", "unknown"), KEY, ""));
        for (String action : List.of("drain", "undrain")) {
            String below = "/nodes/{uid}/" + action;
            put(cases, below, "post 200", post("/nodes/obedient/" + action, KEY, ""));
            put(cases, below, "post 400", post("/nodes/a%00b/" + action, KEY, ""));
            put(cases, below, "post 401", post("/nodes/obedient/" + action, Map.of(), ""));
            put(cases, below, "post 404", post("/nodes/unknown/" + action, KEY, ""));
            String path = "/node/" + action;
            put(cases, path, "post 200", post(path + "?uid=obedient", KEY, ""));
            put(cases, path, "post 400", post(path, KEY, ""));
            put(cases, path, "post 401", post(path + "?uid=obedient", Map.of(), ""));
            put(cases, path, "post 404", post(path + "?uid=unknown", KEY, ""));
        }
        put(cases, "/pick", "get 200", get("/pick?n=2", KEY));
        put(cases, "/pick", "get 400", get("/pick?n=0", KEY));
        put(cases, "/pick", "get 401", get("/pick", Map.of()));
        put(cases, "/pick", "get 503", get("/pick?label=zone=nowhere", KEY));
        put(cases, "/node/series", "get 304", get("/node/series?uid=detailed", with(KEY, "If-None-Match", "*")));
        put(cases, "/nodes/{uid}", "get 400", get("/nodes/a%00b", KEY));
        put(cases, "/nodes/{uid}/series", "get 400", get("/nodes/a%00b/series", KEY));
        put(cases, "/stats", "get 304", get("/stats", with(KEY, "If-None-Match", "*")));
        put(cases, "/stats", "get 400", get("/stats?x=y", KEY));
        put(cases, "/nodes", "get 400", get("/nodes?x=y", KEY));
        put(cases, "/nodes/{uid}", "get 404", get("/nodes/unknown", KEY));
        put(cases, "/api/{rest...}", "post 404", post("/api/a/b", JSON, "{}"));
        put(cases, "/api/{method}", "post 404", post("/api/nosuch", KEY, "{}"));
        for (String path : List.of("/fields", "/history", "/usage", "/membership", "/nodes/{uid}/series")) {
            put(cases, path, "get 304", get(path.replace("{uid}", "detailed"), with(KEY, "If-None-Match", "*")));
        }
        put(cases, "/history", "get 200", get("/history?from=-6h&step=5m&fields=nodes,time_api_p99", KEY));
        put(cases, "/cluster", "get 200", get("/cluster?by=version", KEY));
        put(cases, "/cluster", "get 200", get("/cluster?by=label:zone", KEY));
        put(cases, "/cluster", "get 400", get("/cluster?by=host", KEY));
        put(cases, "/cluster", "get 400", get("/cluster?x=y", KEY));
        put(cases, "/cluster", "get 200", get("/cluster?at=1700010000", KEY));
        put(cases, "/cluster", "get 404", get("/cluster?at=1600000000", KEY));
        put(cases, "/membership", "get 200", get("/membership?from=-1d", KEY));
        put(cases, "/membership", "get 400", get("/membership?from=x", KEY));
        put(cases, "/history", "get 200", get("/history?fields=nodes&extras=num_*&extras=ping", KEY));
        put(cases, "/history", "get 400", get("/history?step=now", KEY));
        for (String unit : List.of("minute", "hour", "day", "week", "month")) {
            put(cases, "/history", "get 200", get("/history?from=-2h&unit=" + unit, KEY));
        }
        for (String type : List.of("text/csv", "application/x-ndjson")) {
            put(cases, "/history", "get 200", get("/history?unit=day", with(KEY, "Accept", type)));
            put(cases, "/usage", "get 200", get("/usage?unit=month", with(KEY, "Accept", type)));
        }
        put(cases, "/usage", "get 200", get("/usage?nodes=3", KEY));
        put(cases, "/usage", "get 400", get("/usage?unit=hour", KEY));
        put(cases, "/nodes/{uid}/series", "get 404", get("/nodes/unknown/series", KEY));
        put(cases, "/", "get 200", get("/", Map.of()));
        put(cases, "/", "get 304", get("/", Map.of("If-None-Match", "*")));
        put(cases, "/assets/{version}/{file}", "get 200", get(main, Map.of()));
        put(cases, "/assets/{version}/{file}", "get 304", get(main, Map.of("If-None-Match", "*")));
        put(cases, "/assets/{version}/{file}", "get 404", get("/assets/0/main.js", Map.of()));
        put(cases, "/metrics", "get 200", get("/metrics", with(KEY, "Accept", "application/openmetrics-text")));
        put(cases, "/metrics", "get 200", get("/metrics?nodes=0&name%5B%5D=tacho_cluster_clients", KEY));
        put(
                cases,
                "/metrics",
                "get 200",
                get(
                        "/metrics",
                        with(
                                KEY,
                                "Accept",
                                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited")));
        put(cases, "/sd/prometheus", "get 400", get("/sd/prometheus?state=live", KEY));
        put(cases, "/metrics", "get 400", get("/metrics?nodes=x", KEY));
        put(cases, "/events", "get 400", get("/events?types=x", KEY));
        put(cases, "/events", "get 400", get("/events?x=y", KEY));
        put(cases, "/api", "post 200", post("/api", KEY, "{\"id\":1,\"method\":\"info\"}"));
        put(cases, "/api", "post 200", post("/api?api_key=" + SECRET, Map.of(), "{\"method\":\"publish\"}"));
        put(cases, "/api/info", "post 200", post("/api/info", KEY, "{}"));
        put(cases, "/api/batch", "post 200", post("/api/batch", KEY, "{\"commands\":[{\"info\":{}},{\"x\":{}}]}"));
        put(cases, "/api/{method}", "post 200", post("/api/publish", KEY, "{}"));
        put(
                cases,
                "/api/{method}",
                "post 400",
                post("/api/publish", with(KEY, "X-Centrifugo-Error-Mode", "transport"), "{}"));
        for (String path : List.of("/api", "/api/info", "/api/batch", "/api/{method}")) {
            String concrete = path.replace("{method}", "publish");
            if (!path.contains("{")) {
                put(cases, path, "post 400", post(concrete, KEY, ""));
            }
            put(cases, path, "post 401", post(concrete, Map.of(), "{}"));
            put(cases, path, "post 405", new Case("PUT", concrete, KEY, "{}"));
        }
        String commands =
                "[{\"method\":\"stats\",\"params\":{}},{\"uid\":\"1\",\"method\":\"channels\",\"params\":{}}]";
        put(cases, "/api/", "post 200", post("/api/", with(JSON, "X-API-Sign", sign(commands)), commands));
        put(cases, "/api/", "post 200", post("/api/", with(JSON, "X-API-Sign", sign("[]")), "[]"));
        put(cases, "/api/", "post 400", post("/api/", JSON, commands));
        put(cases, "/api/", "post 401", post("/api/", with(JSON, "X-API-Sign", "00"), commands));
        String path = "/centrifugo-1.4/api/";
        put(cases, path, "post 200", post(path, with(JSON, "X-API-Sign", sign(commands)), commands));
        put(cases, path, "post 400", post(path, JSON, commands));
        put(cases, path, "post 401", post(path, with(JSON, "X-API-Sign", "00"), commands));
        return cases;
    }

    private static Case get(String path, Map<String, String> headers) {
        return new Case("GET", path, headers, "");
    }

    private static Case post(String path, Map<String, String> headers, String body) {
        return new Case("POST", path, headers, body);
    }

    private static void put(Map<String, List<Case>> cases, String path, String response, Case requested) {
        cases.computeIfAbsent(path + " " + response, first -> new ArrayList<>()).add(requested);
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return more;
    }

    private static String sign(String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static HttpResponse<String> send(Case requested) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + requested.path()))
                .method(requested.method(), BodyPublishers.ofString(requested.body()));
        requested.headers().forEach(request::header);
        if (requested.path().equals("/events") && requested.headers().containsKey("X-API-Key")) {
            // has no end
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
    void description_everyPathAndStatusIsDescribed() throws Exception {
        server.storedPeriods.put(
                new Period(Tier.DAY, 1_700_006_400, 86_400), Summaries.minute(1_700_006_400_000L, 3, 10, 425));
        server.becomeReady();
        await().until(() -> send(get("/-/ready", Map.of())).statusCode() == 200);
        await().until(() -> send(get("/alerts", KEY)).body().contains("node-lost"));
        silence = MAPPER.readTree(send(post("/alerts/silences", KEY, SILENCE)).body())
                .path("silenceID")
                .asText();
        await().until(() -> send(get("/alerts", KEY)).body().contains(silence));
        Map<String, List<Case>> cases = cases();
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

    /** The others are those of DrainServiceTest and SilenceServiceTest. */
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
    void commands_byGet_areRejected() throws Exception {
        HttpResponse<String> response = send(get("/nodes/obedient/drain", KEY));

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void description_ofAnAggregatorThatIsNotReady() throws Exception {
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
    void description_everyPathThatIsServed() {
        Set<String> described = new TreeSet<>();
        description.path("paths").fieldNames().forEachRemaining(described::add);

        assertThat(described).isEqualTo(server.paths());
    }

    @Test
    void description_isOpenApi() {
        assertThat(description.path("openapi").asText()).startsWith("3.1.");
        assertThat(description.path("info").path("title").asText()).isNotEmpty();
    }
}
