// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.alert.notify.LatestAlertStatus;
import io.tacho.aggregator.alert.notify.SilenceService;
import io.tacho.aggregator.api.ClusterResponse;
import io.tacho.aggregator.api.ComparisonResponse;
import io.tacho.aggregator.api.FieldsResponse;
import io.tacho.aggregator.api.MembershipResponse;
import io.tacho.aggregator.api.NodeSeriesResponse;
import io.tacho.aggregator.api.NodesResponse;
import io.tacho.aggregator.api.PrometheusTargets;
import io.tacho.aggregator.api.ReadyResponse;
import io.tacho.aggregator.api.history.HistoryResponse;
import io.tacho.aggregator.api.history.PastClusterResponse;
import io.tacho.aggregator.api.history.UsageResponse;
import io.tacho.aggregator.centrifugo.v1.StatsMaps;
import io.tacho.aggregator.centrifugo.v1.V1Api;
import io.tacho.aggregator.centrifugo.v2.InfoApi;
import io.tacho.aggregator.dashboard.Dashboard;
import io.tacho.aggregator.events.EventFeed;
import io.tacho.aggregator.http.cache.ResponseCache;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.routing.AccessControl;
import io.tacho.aggregator.http.routing.Endpoint;
import io.tacho.aggregator.http.routing.Role;
import io.tacho.aggregator.http.routing.Router;
import io.tacho.aggregator.metrics.MetricsPage;
import io.tacho.aggregator.placement.Placement;
import io.tacho.store.NodeCommand.Action;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** Registers the endpoints with a router: all paths and the role that each one requires. */
public final class Endpoints {

    private static final byte[] HEALTHY = "{\"healthy\":true}".getBytes(UTF_8);

    private final Router router;

    /** Endpoints for this router. */
    public Endpoints(Router router) {
        this.router = router;
    }

    /** Registers the health and readiness probes and the description of the API. */
    public Endpoints probes(ReadyResponse ready) {
        router.read("/-/healthy", Role.OPEN, request -> FullResponse.json(HttpResponseStatus.OK, HEALTHY))
                .read(
                        "/-/ready",
                        Role.OPEN,
                        request -> FullResponse.json(
                                ready.status().isReady()
                                        ? HttpResponseStatus.OK
                                        : HttpResponseStatus.SERVICE_UNAVAILABLE,
                                ready.body()))
                .read("/openapi.json", Role.OPEN, openApi());
        return this;
    }

    /** Registers the dashboard's page and assets; the first requests wait until they are loaded. */
    public Endpoints dashboard(CompletableFuture<Dashboard> dashboard) {
        DashboardEndpoints endpoints = new DashboardEndpoints(dashboard);
        router.read("/", Role.OPEN, endpoints::page).read("/assets/{version}/{file}", Role.OPEN, endpoints::file);
        return this;
    }

    /** Registers {@code /stats}. */
    public Endpoints stats(ResponseCache cache, ReadyResponse ready) {
        router.read("/stats", Role.READ, new StatsEndpoint(cache, ready));
        return this;
    }

    /** Registers {@code /fields}, {@code /nodes} and the paths below it. */
    public Endpoints nodes(NodesResponse nodes, NodeSeriesResponse series) {
        NodesEndpoints endpoints = new NodesEndpoints(nodes, series);
        router.read("/fields", Role.READ, request -> ConditionalJson.of(request, FieldsResponse.body()))
                .read("/nodes", Role.READ, endpoints::list)
                .read("/node", Role.READ, endpoints::one)
                .read("/node/series", Role.READ, endpoints::series)
                .read("/nodes/{uid}", Role.READ, endpoints::one)
                .read("/nodes/{uid}/series", Role.READ, endpoints::series);
        return this;
    }

    /** Registers {@code /pick} and the commands to nodes. */
    public Endpoints placement(Placement placement) {
        for (Action action : Action.values()) {
            DrainEndpoint endpoint = new DrainEndpoint(placement.drain(), action);
            router.write("/node/" + action.label(), endpoint).write("/nodes/{uid}/" + action.label(), endpoint);
        }
        router.get("/pick", Role.READ, new PickEndpoint(placement.pick()));
        return this;
    }

    /** Registers {@code /history} and {@code /usage}. */
    public Endpoints history(HistoryResponse history, UsageResponse usage) {
        HistoryEndpoint endpoint = new HistoryEndpoint(history, usage);
        router.read("/history", Role.READ, endpoint::history).read("/usage", Role.READ, endpoint::usage);
        return this;
    }

    /** Registers {@code /membership}. */
    public Endpoints membership(MembershipResponse membership) {
        router.read("/membership", Role.READ, request -> ConditionalJson.of(request, request.query(membership::body)));
        return this;
    }

    /** Registers {@code /cluster}. */
    public Endpoints cluster(ClusterResponse cluster, ComparisonResponse comparison, PastClusterResponse past) {
        router.read("/cluster", Role.READ, new ClusterEndpoint(cluster, comparison, past));
        return this;
    }

    /** Registers {@code /events}. */
    public Endpoints events(EventFeed feed) {
        router.read("/events", Role.READ, new EventsEndpoint(feed));
        return this;
    }

    /** Registers {@code /alerts} and the paths below it. */
    public Endpoints alerts(LatestAlertStatus alerts, SilenceService silences) {
        SilenceEndpoints endpoints = new SilenceEndpoints(silences);
        router.write("/alerts/silences", endpoints::create).write("/alerts/silences/{id}/end", endpoints::end);
        router.read(
                "/alerts",
                Role.READ,
                request ->
                        FullResponse.json(HttpResponseStatus.OK, alerts.json()).with("Cache-Control", "no-cache"));
        return this;
    }

    /** Registers {@code /metrics}. */
    public Endpoints metrics(MetricsPage page) {
        router.read("/metrics", Role.READ, new MetricsEndpoint(page));
        return this;
    }

    /** Registers {@code /sd/prometheus}. */
    public Endpoints discovery(PrometheusTargets targets) {
        router.read(
                "/sd/prometheus",
                Role.READ,
                request -> targets.isComplete()
                        ? FullResponse.json(HttpResponseStatus.OK, request.query(targets::body))
                                .with("Cache-Control", "no-cache")
                        : FullResponse.error(
                                HttpResponseStatus.SERVICE_UNAVAILABLE, "the nodes were not read from Redis yet"));
        return this;
    }

    /** Registers {@code /api} and the paths below it. The APIs of Centrifugo check keys and signatures themselves. */
    public Endpoints centrifugo(
            V1Api v1Api, StatsMaps maps, InfoApi infoApi, ResponseCache cache, AccessControl access) {
        V1Endpoint v1 = new V1Endpoint(v1Api, cache, access);
        InfoEndpoint info = new InfoEndpoint(infoApi, access);
        router.all("/api/", Role.OPEN, v1)
                .all(
                        "/centrifugo-1.4/api/",
                        Role.OPEN,
                        request -> new AsyncResponse(maps.body()
                                .thenApply(stats -> v1.respond(request, () -> Unpooled.wrappedBuffer(stats)))))
                .all("/api", Role.OPEN, info::commands)
                .all("/api/info", Role.OPEN, info::info)
                .all("/api/batch", Role.OPEN, info::batch)
                .all(
                        "/api/{method}",
                        Role.OPEN,
                        request -> InfoApi.knows(request.variable("method"))
                                ? info.unavailable(request)
                                : v1.respondBelow(request))
                .all("/api/{rest...}", Role.OPEN, v1::respondBelow)
                .otherwise(v1::respondOrNull);
        return this;
    }

    private static Endpoint openApi() {
        try (InputStream description = Endpoints.class.getResourceAsStream("openapi.json")) {
            byte[] json = Objects.requireNonNull(description, "openapi.json").readAllBytes();
            return request -> FullResponse.json(HttpResponseStatus.OK, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
