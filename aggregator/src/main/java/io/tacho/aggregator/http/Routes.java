// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.aggregator.alert.notify.LatestAlertStatus;
import io.tacho.aggregator.api.ClusterResponse;
import io.tacho.aggregator.api.InfoApi;
import io.tacho.aggregator.api.ReadyResponse;
import io.tacho.aggregator.metrics.MetricsPage;
import io.tacho.aggregator.metrics.MetricsPage.Format;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** All paths, in one place: who answers them, and who may ask. */
final class Routes {

    private static final byte[] HEALTHY = "{\"healthy\":true}".getBytes(UTF_8);

    private Routes() {}

    static Router of(HttpApi api, StatsBodies bodies, Keys keys) {
        V1Endpoint v1 = new V1Endpoint(api.v1(), bodies.whole(), keys);
        NodesEndpoint nodes = new NodesEndpoint(api.nodes());
        HistoryEndpoints history = new HistoryEndpoints(api.history(), api.nodeSeries(), api.turns());
        InfoEndpoint info = new InfoEndpoint(api.info(), keys);
        DashboardEndpoints dashboard = new DashboardEndpoints(api.dashboard());
        return new Router(keys, api.metrics())
                .read("/", Role.OPEN, dashboard::page)
                .read("/assets/{version}/{file}", Role.OPEN, dashboard::file)
                .read("/-/healthy", Role.OPEN, request -> WholeAnswer.json(Status.OK, HEALTHY))
                .read("/-/ready", Role.OPEN, request -> ready(api.ready()))
                .read("/stats", Role.READ, new StatsEndpoint(bodies, api.ready()))
                .read("/nodes", Role.READ, nodes::list)
                .read("/nodes/{uid}", Role.READ, nodes::one)
                .read("/nodes/{uid}/series", Role.READ, history::series)
                .read("/history", Role.READ, history::history)
                .read("/turns", Role.READ, history::turns)
                .read("/cluster", Role.READ, request -> cluster(api.cluster()))
                .read("/events", Role.READ, new EventsEndpoint(api.events()))
                .read("/alerts", Role.READ, request -> alerts(api.alerts()))
                .read("/metrics", Role.READ, request -> metrics(api.page(), request))
                .read("/openapi.json", Role.OPEN, openApi())
                // signed, in a way of its own
                .all("/api/", Role.OPEN, v1)
                // keyed, in a way of its own
                .all("/api", Role.OPEN, info::commands)
                .all("/api/info", Role.OPEN, info::info)
                .all("/api/batch", Role.OPEN, info::batch)
                .all(
                        "/api/{method}",
                        Role.OPEN,
                        request -> InfoApi.knows(request.variable("method")) ? info.other(request) : v1.answer(request))
                .all("/api/{rest...}", Role.OPEN, v1)
                .otherwise(v1::answerOrNull);
    }

    private static Endpoint openApi() {
        try (InputStream description = Routes.class.getResourceAsStream("openapi.json")) {
            byte[] json = Objects.requireNonNull(description, "openapi.json").readAllBytes();
            return request -> WholeAnswer.json(Status.OK, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer cluster(ClusterResponse cluster) {
        return new LaterAnswer(cluster.body().thenApply(body -> WholeAnswer.json(Status.OK, body)));
    }

    private static Answer alerts(LatestAlertStatus alerts) {
        return WholeAnswer.json(Status.OK, alerts.json()).with("Cache-Control", "no-cache");
    }

    private static Answer metrics(MetricsPage page, Request request) {
        Format format = Format.of(String.join(",", request.headers().all("Accept")));
        if (Gzip.isAcceptedBy(request.headers())) {
            return new LaterAnswer(
                    page.zippedPage(format).thenApply(body -> page(format, body).with("Content-Encoding", "gzip")));
        }
        return new LaterAnswer(page.page(format).thenApply(body -> page(format, body)));
    }

    private static WholeAnswer page(Format format, byte[] body) {
        return WholeAnswer.of(Status.OK, format.contentType(), body).with("Vary", "Accept, Accept-Encoding");
    }

    private static WholeAnswer ready(ReadyResponse ready) {
        return WholeAnswer.json(ready.isReady() ? Status.OK : Status.SERVICE_UNAVAILABLE, ready.body());
    }
}
