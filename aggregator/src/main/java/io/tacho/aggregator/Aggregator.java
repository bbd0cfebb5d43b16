// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator;

import io.tacho.aggregator.alert.notify.AlertService;
import io.tacho.aggregator.alert.rule.AlertConfig;
import io.tacho.aggregator.api.ApiKeys;
import io.tacho.aggregator.api.ClusterResponse;
import io.tacho.aggregator.api.ComparisonResponse;
import io.tacho.aggregator.api.EventData;
import io.tacho.aggregator.api.MembershipResponse;
import io.tacho.aggregator.api.NodeSeriesResponse;
import io.tacho.aggregator.api.NodesResponse;
import io.tacho.aggregator.api.PrometheusTargets;
import io.tacho.aggregator.api.ReadyResponse;
import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.api.history.HistoryResponse;
import io.tacho.aggregator.api.history.PastClusterResponse;
import io.tacho.aggregator.api.history.UsageResponse;
import io.tacho.aggregator.centrifugo.v1.StatsMaps;
import io.tacho.aggregator.centrifugo.v1.V1Api;
import io.tacho.aggregator.centrifugo.v2.InfoApi;
import io.tacho.aggregator.centrifugo.v2.InfoResponse;
import io.tacho.aggregator.cluster.Identity;
import io.tacho.aggregator.cluster.TotalsCache;
import io.tacho.aggregator.collect.Collector;
import io.tacho.aggregator.dashboard.Dashboard;
import io.tacho.aggregator.events.EventFeed;
import io.tacho.aggregator.history.HistoryService;
import io.tacho.aggregator.http.HttpServer;
import io.tacho.aggregator.http.Timeouts;
import io.tacho.aggregator.http.cache.ResponseCache;
import io.tacho.aggregator.http.endpoint.Endpoints;
import io.tacho.aggregator.http.routing.AccessControl;
import io.tacho.aggregator.http.routing.Router;
import io.tacho.aggregator.membership.MembershipHistory;
import io.tacho.aggregator.metrics.HttpMetrics;
import io.tacho.aggregator.metrics.MetricsPage;
import io.tacho.aggregator.otlp.OtlpPush;
import io.tacho.aggregator.otlp.OtlpSettings;
import io.tacho.aggregator.outlier.OutlierService;
import io.tacho.aggregator.period.PeriodHistory;
import io.tacho.aggregator.placement.Placement;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.ViewMetrics;
import io.tacho.codec.SnapshotCodec;
import io.tacho.concurrent.DaemonThreads;
import io.tacho.redis.RedisTransport;
import io.tacho.store.ClusterClock;
import io.tacho.store.SnapshotSource;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An aggregator: follows the nodes of one namespace and serves the HTTP API. Any number of them run side by side.
 *
 * <p>Thread safety: safe.
 */
public final class Aggregator implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(Aggregator.class);

    /** The version that the build wrote into the jar. */
    private static final String VERSION =
            Objects.requireNonNullElse(Aggregator.class.getPackage().getImplementationVersion(), "(unpacked)");

    private final AggregatorSettings settings;
    private final RedisTransport transport;
    private final ClusterClock clock = new ClusterClock(InstantSource.system(), System::nanoTime);
    private final Placement placement;
    private final ScheduledExecutorService executor;
    private final ScheduledExecutorService responses = DaemonThreads.scheduler("tacho-responses");
    private final ScheduledExecutorService events = DaemonThreads.scheduler("tacho-events");
    private final ScheduledExecutorService past = DaemonThreads.scheduler("tacho-history");
    private final ClusterView view;
    private final Collector collector;
    private final EventFeed feed;
    private final HistoryService history;
    private final PeriodHistory periods;
    private final MembershipHistory membership;
    private final OutlierService outliers;
    private final AlertService alerts;
    private final AccessControl access;
    private final ResponseCache cache;
    private final MetricsPage metricsPage;
    private final HttpServer server;
    private @Nullable OtlpPush push;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Creates an aggregator that has not started. */
    public Aggregator(AggregatorSettings settings) {
        this.settings = settings;
        SnapshotCodec codec = new SnapshotCodec();
        transport = new RedisTransport(settings.redis(), codec);
        SnapshotSource source = transport.source();
        MemoryLimits limits = settings.memory();
        view = new ClusterView(codec, System::nanoTime, limits.maxNodes(), source.partitions(), limits.detailBytes());
        executor = DaemonThreads.scheduler("tacho-collect");
        collector = new Collector(source, view, executor, settings.sweepInterval(), System::nanoTime);
        TotalsCache totals = new TotalsCache(view, System::nanoTime);
        outliers = new OutlierService(view, past, clock);
        feed = new EventFeed(view, new EventData(view), outliers, events, System::nanoTime, EventFeed.newEpoch());
        alerts = new AlertService(
                transport.alertStore(AlertService.LEASE),
                view,
                totals,
                outliers,
                settings.redis().namespace(),
                settings.clusterName(),
                clock);
        placement = new Placement(view, transport.commands(), responses, System::nanoTime);
        HttpMetrics metrics = new HttpMetrics();
        history = new HistoryService(
                transport.history(),
                view,
                past,
                clock,
                System::nanoTime,
                limits.historyBytes(),
                limits.seriesWindows());
        var tiers = settings.tiers();
        periods = new PeriodHistory(transport.periods(tiers.retention()), tiers.calendar(), past, clock);
        membership = new MembershipHistory(transport.membershipLog(), view, past, clock, System::nanoTime);
        access = new AccessControl(
                settings.http().keys(), settings.http().hosts(), settings.http().trustedProxies(), System::nanoTime);
        cache = new ResponseCache(new StatsResponse(view), System::nanoTime);
        metricsPage = new MetricsPage(
                view,
                totals,
                outliers,
                history.durations(),
                feed.metrics(),
                alerts.latestStatus(),
                metrics,
                responses,
                System::nanoTime);
        Router router = new Router(access, metrics);
        ReadyResponse ready = new ReadyResponse(view);
        new Endpoints(router)
                .probes(ready)
                .dashboard(Dashboard.load(events))
                .stats(cache, ready)
                .nodes(
                        new NodesResponse(view, membership::departures, outliers, placement::surplus, System::nanoTime),
                        new NodeSeriesResponse(history.nodeSeries(), view, membership::departures))
                .placement(placement)
                .history(new HistoryResponse(history, periods, clock), new UsageResponse(periods, clock))
                .membership(new MembershipResponse(membership, codec, clock))
                .cluster(
                        new ClusterResponse(view, totals, outliers, this::identity, responses, System::nanoTime),
                        new ComparisonResponse(view, responses, System::nanoTime),
                        new PastClusterResponse(history, periods, clock))
                .events(feed)
                .alerts(alerts.latestStatus(), alerts.silences())
                .metrics(metricsPage)
                .discovery(new PrometheusTargets(view, settings.redis().namespace()))
                .centrifugo(
                        new V1Api(view),
                        new StatsMaps(view, clock, responses, System::nanoTime),
                        new InfoApi(new InfoResponse(view, clock, responses, System::nanoTime)),
                        cache,
                        access);
        server = new HttpServer(settings.http(), router, metrics, Timeouts.DEFAULT, cache::isCrowded);
    }

    /**
     * Starts listening, and follows the cluster in the background: {@code /-/ready} reports when the responses are complete.
     *
     * @throws IOException if listening on the address fails
     */
    public void start() throws IOException {
        server.start();
        collector.start();
        membership.start();
        history.start();
        periods.start();
        outliers.start();
        feed.start();
        logger.info(
                "listening on {}; following namespace {} in Redis at {}",
                url(),
                settings.redis().namespace(),
                settings.redis().address());
    }

    /**
     * Replaces the alert rules immediately. Call it after {@link #start}, and again when the file has changed.
     *
     * @return a summary of the new rules without secrets; empty if nothing has changed
     */
    public String setAlertConfig(AlertConfig config) {
        return alerts.applyConfig(config, server.port());
    }

    /**
     * Pushes the metrics of the cluster and of this aggregator by OTLP. Call it at most once, after {@link #start}. Each aggregator
     * that pushes is an instance of its own, identified by {@code service.instance.id}: its host and port.
     */
    public synchronized void pushMetrics(OtlpSettings otlp) {
        push = new OtlpPush(
                otlp,
                metricsPage::withoutNodes,
                OtlpPush.resource(identity().aggregator(), settings.redis().namespace()),
                InstantSource.system());
        push.start();
    }

    /** {@return what decides which nodes serve clients} */
    public Placement placement() {
        return placement;
    }

    /** Returns the base URI of the API, e.g. {@code http://127.0.0.1:7022}. */
    public String url() {
        return server.url();
    }

    /**
     * Puts other keys in force, for the next request on.
     *
     * @return what is new, in words without the keys; empty for nothing
     * @throws IllegalArgumentException if it would not start with them, or if everything would be open that was not
     */
    public String replaceKeys(ApiKeys keys) {
        return access.replace(settings.withKeys(keys).http().keys());
    }

    /**
     * Reads the certificate of HTTPS now, if it has changed.
     *
     * @return what is new, in words; empty for nothing
     * @throws IllegalArgumentException if it is not usable; the last one stays in force
     */
    public String rereadCertificate() {
        return server.rereadCertificate();
    }

    private Identity identity() {
        return new Identity(
                settings.clusterName(),
                settings.redis().namespace(),
                AlertService.hostName() + ":" + server.port(),
                VERSION,
                settings.redis().address(),
                problems());
    }

    /** {@return the problems with Redis or with its clock, by a word} */
    private Map<String, String> problems() {
        Map<String, String> problems = new TreeMap<>(transport.problems());
        problems.put("clock", clock.problem());
        problems.values().removeIf(String::isEmpty);
        return problems;
    }

    /** {@return counts of what was received and of membership events} */
    public ViewMetrics metrics() {
        return view.metrics();
    }

    private synchronized void stopPush() {
        if (push != null) {
            push.close();
        }
    }

    /** Stops; waits at most a few seconds. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        stopPush();
        alerts.close();
        feed.close();
        server.close();
        cache.close();
        collector.close();
        executor.shutdownNow();
        events.shutdownNow();
        responses.shutdownNow();
        past.shutdownNow();
        history.close();
        periods.close();
        membership.close();
        placement.close();
        transport.close();
        logger.info("stopped");
    }
}
