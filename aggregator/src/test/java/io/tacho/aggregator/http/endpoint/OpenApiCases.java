// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Requests for each path, method and status of the description. 503 and slow responses are tested separately. */
final class OpenApiCases {

    record Case(String method, String path, Map<String, String> headers, String body) {}

    static final String SECRET = "s3cret";
    static final Map<String, String> KEY = Map.of("X-API-Key", SECRET);
    static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    static final String SILENCE = "{\"matchers\":[{\"name\":\"alertname\",\"value\":\"node-lost\"},"
            + "{\"name\":\"node\",\"value\":\"chat_*\"}],\"endsAt\":\""
            + Instant.now().plusSeconds(3_600) + "\",\"comment\":\"upgrade\"}";

    private final Map<String, List<Case>> cases = new LinkedHashMap<>();

    private OpenApiCases() {}

    /**
     * Returns the requests by path, method and status.
     *
     * @param script the path of a script of the dashboard
     * @param silence the id of a silence
     */
    static Map<String, List<Case>> of(String script, String silence) throws Exception {
        OpenApiCases all = new OpenApiCases();
        all.pages(script);
        all.nodes();
        all.commands(silence);
        all.history();
        all.centrifugo();
        return all.cases;
    }

    /** Adds probes, the dashboard, and the current state. */
    private void pages(String script) {
        for (String path : List.of("/-/healthy", "/-/ready", "/openapi.json")) {
            add(path, "get 200", get(path, Map.of()));
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
            add(path, "get 200", get(path, KEY));
            add(path, "get 401", get(path, Map.of()));
        }
        add("/stats", "get 304", get("/stats", with(KEY, "If-None-Match", "*")));
        add("/stats", "get 400", get("/stats?x=y", KEY));
        add("/cluster", "get 200", get("/cluster?by=version", KEY));
        add("/cluster", "get 200", get("/cluster?by=label:zone", KEY));
        add("/cluster", "get 400", get("/cluster?by=host", KEY));
        add("/cluster", "get 400", get("/cluster?x=y", KEY));
        add("/", "get 200", get("/", Map.of()));
        add("/", "get 304", get("/", Map.of("If-None-Match", "*")));
        add("/assets/{version}/{file}", "get 200", get(script, Map.of()));
        add("/assets/{version}/{file}", "get 304", get(script, Map.of("If-None-Match", "*")));
        add("/assets/{version}/{file}", "get 404", get("/assets/0/main.js", Map.of()));
        add("/metrics", "get 200", get("/metrics", with(KEY, "Accept", "application/openmetrics-text")));
        add("/metrics", "get 200", get("/metrics?nodes=0&name%5B%5D=tacho_cluster_clients", KEY));
        add(
                "/metrics",
                "get 200",
                get(
                        "/metrics",
                        with(
                                KEY,
                                "Accept",
                                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited")));
        add("/sd/prometheus", "get 400", get("/sd/prometheus?state=live", KEY));
        add("/metrics", "get 400", get("/metrics?nodes=x", KEY));
        add("/events", "get 400", get("/events?types=x", KEY));
        add("/events", "get 400", get("/events?x=y", KEY));
    }

    /** Adds requests for single nodes. */
    private void nodes() {
        for (String path : List.of("/nodes", "/nodes/{uid}", "/nodes/{uid}/series")) {
            add(path, "get 200", get(path.replace("{uid}", "detailed"), KEY));
            add(path, "get 401", get(path.replace("{uid}", "detailed"), Map.of()));
        }
        for (String path : List.of("/node", "/node/series")) {
            add(path, "get 200", get(path + "?uid=detailed", KEY));
            add(path, "get 400", get(path, KEY));
            add(path, "get 400", get(path + "?uid=a&uid=b", KEY));
            add(path, "get 401", get(path + "?uid=detailed", Map.of()));
            add(path, "get 404", get(path + "?uid=unknown", KEY));
        }
        add("/node/series", "get 304", get("/node/series?uid=detailed", with(KEY, "If-None-Match", "*")));
        add("/nodes/{uid}", "get 400", get("/nodes/a%00b", KEY));
        add("/nodes/{uid}/series", "get 400", get("/nodes/a%00b/series", KEY));
        add("/nodes", "get 400", get("/nodes?x=y", KEY));
        add("/nodes/{uid}", "get 404", get("/nodes/unknown", KEY));
        add("/nodes/{uid}/series", "get 404", get("/nodes/unknown/series", KEY));
    }

    /** Adds silences, commands and picks. */
    private void commands(String silence) {
        add("/alerts/silences", "post 201", post("/alerts/silences", KEY, SILENCE));
        add("/alerts/silences", "post 400", post("/alerts/silences", KEY, "{}"));
        add("/alerts/silences", "post 401", post("/alerts/silences", Map.of(), SILENCE));
        String end = "/alerts/silences/{id}/end";
        add(end, "post 200", post(end.replace("{id}", silence), KEY, ""));
        add(end, "post 401", post(end.replace("{id}", silence), Map.of(), ""));
        add(end, "post 404", post(end.replace("{id}", "unknown"), KEY, ""));
        for (String action : List.of("drain", "undrain")) {
            String below = "/nodes/{uid}/" + action;
            add(below, "post 200", post("/nodes/obedient/" + action, KEY, ""));
            add(below, "post 400", post("/nodes/a%00b/" + action, KEY, ""));
            add(below, "post 401", post("/nodes/obedient/" + action, Map.of(), ""));
            add(below, "post 404", post("/nodes/unknown/" + action, KEY, ""));
            String path = "/node/" + action;
            add(path, "post 200", post(path + "?uid=obedient", KEY, ""));
            add(path, "post 400", post(path, KEY, ""));
            add(path, "post 401", post(path + "?uid=obedient", Map.of(), ""));
            add(path, "post 404", post(path + "?uid=unknown", KEY, ""));
        }
        add("/pick", "get 200", get("/pick?n=2", KEY));
        add("/pick", "get 400", get("/pick?n=0", KEY));
        add("/pick", "get 401", get("/pick", Map.of()));
        add("/pick", "get 503", get("/pick?label=zone=nowhere", KEY));
    }

    /** Adds requests for past times. */
    private void history() {
        for (String path : List.of("/fields", "/history", "/usage", "/membership", "/nodes/{uid}/series")) {
            add(path, "get 304", get(path.replace("{uid}", "detailed"), with(KEY, "If-None-Match", "*")));
        }
        add("/history", "get 200", get("/history?from=-6h&step=5m&fields=nodes,time_api_p99", KEY));
        add("/cluster", "get 200", get("/cluster?at=1700010000", KEY));
        add("/cluster", "get 404", get("/cluster?at=1600000000", KEY));
        add("/membership", "get 200", get("/membership?from=-1d", KEY));
        add("/membership", "get 400", get("/membership?from=x", KEY));
        add("/history", "get 200", get("/history?fields=nodes&extras=num_*&extras=ping", KEY));
        add("/history", "get 400", get("/history?step=now", KEY));
        for (String unit : List.of("minute", "hour", "day", "week", "month")) {
            add("/history", "get 200", get("/history?from=-2h&unit=" + unit, KEY));
        }
        for (String type : List.of("text/csv", "application/x-ndjson")) {
            add("/history", "get 200", get("/history?unit=day", with(KEY, "Accept", type)));
            add("/usage", "get 200", get("/usage?unit=month", with(KEY, "Accept", type)));
        }
        add("/usage", "get 200", get("/usage?nodes=3", KEY));
        add("/usage", "get 400", get("/usage?unit=hour", KEY));
    }

    /** Adds the APIs of Centrifugo. */
    private void centrifugo() throws Exception {
        add("/api/{rest...}", "post 404", post("/api/a/b", JSON, "{}"));
        add("/api/{method}", "post 404", post("/api/nosuch", KEY, "{}"));
        add("/api", "post 200", post("/api", KEY, "{\"id\":1,\"method\":\"info\"}"));
        add("/api", "post 200", post("/api?api_key=" + SECRET, Map.of(), "{\"method\":\"publish\"}"));
        add("/api/info", "post 200", post("/api/info", KEY, "{}"));
        add("/api/batch", "post 200", post("/api/batch", KEY, "{\"commands\":[{\"info\":{}},{\"x\":{}}]}"));
        add("/api/{method}", "post 200", post("/api/publish", KEY, "{}"));
        add("/api/{method}", "post 400", post("/api/publish", with(KEY, "X-Centrifugo-Error-Mode", "transport"), "{}"));
        for (String path : List.of("/api", "/api/info", "/api/batch", "/api/{method}")) {
            String concrete = path.replace("{method}", "publish");
            if (!path.contains("{")) {
                add(path, "post 400", post(concrete, KEY, ""));
            }
            add(path, "post 401", post(concrete, Map.of(), "{}"));
            add(path, "post 405", new Case("PUT", concrete, KEY, "{}"));
        }
        String commands =
                "[{\"method\":\"stats\",\"params\":{}},{\"uid\":\"1\",\"method\":\"channels\",\"params\":{}}]";
        add("/api/", "post 200", post("/api/", with(JSON, "X-API-Sign", sign(commands)), commands));
        add("/api/", "post 200", post("/api/", with(JSON, "X-API-Sign", sign("[]")), "[]"));
        add("/api/", "post 400", post("/api/", JSON, commands));
        add("/api/", "post 401", post("/api/", with(JSON, "X-API-Sign", "00"), commands));
        String path = "/centrifugo-1.4/api/";
        add(path, "post 200", post(path, with(JSON, "X-API-Sign", sign(commands)), commands));
        add(path, "post 400", post(path, JSON, commands));
        add(path, "post 401", post(path, with(JSON, "X-API-Sign", "00"), commands));
    }

    static Case get(String path, Map<String, String> headers) {
        return new Case("GET", path, headers, "");
    }

    static Case post(String path, Map<String, String> headers, String body) {
        return new Case("POST", path, headers, body);
    }

    private void add(String path, String response, Case requested) {
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
}
