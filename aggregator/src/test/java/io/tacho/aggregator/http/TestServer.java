// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tacho.aggregator.alert.notify.AlertService;
import io.tacho.aggregator.api.ApiSecret;
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
import io.tacho.aggregator.http.cache.ResponseCache;
import io.tacho.aggregator.http.endpoint.Endpoints;
import io.tacho.aggregator.http.routing.AccessControl;
import io.tacho.aggregator.http.routing.Router;
import io.tacho.aggregator.membership.MembershipHistory;
import io.tacho.aggregator.metrics.HttpMetrics;
import io.tacho.aggregator.metrics.MetricsPage;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.period.InMemoryPeriods;
import io.tacho.aggregator.period.PeriodHistory;
import io.tacho.aggregator.placement.Placement;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.period.PeriodCalendar;
import io.tacho.store.ClusterClock;
import io.tacho.store.memory.InMemoryAlertStore;
import io.tacho.store.memory.InMemoryMembershipLog;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.Snapshots;
import io.tacho.text.AllowedHosts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A real HTTP server over a view that the test fills, and raw sockets for requests. */
public final class TestServer implements AutoCloseable {

    public static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    public final ClusterView view = new ClusterView(new SnapshotCodec(), System::nanoTime, 20_000);
    public final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    public final InMemoryTransport transport = new InMemoryTransport(System::nanoTime);
    private final Collector collector =
            new Collector(transport.source(), view, executor, Duration.ofHours(1), System::nanoTime);
    private final HistoryService history = new HistoryService(
            transport.history(),
            view,
            executor,
            new ClusterClock(InstantSource.system(), System::nanoTime),
            System::nanoTime);
    /** The hours, days and months that the server has. */
    public final InMemoryPeriods storedPeriods = new InMemoryPeriods();

    private final PeriodHistory periods =
            new PeriodHistory(storedPeriods, new PeriodCalendar(ZoneId.of("UTC")), executor, InstantSource.system());
    private final ExecutorService responses = Executors.newSingleThreadExecutor();
    public final EventFeed feed;
    public final AlertService alerts;
    private final ResponseCache cache;
    private final Router router;
    private final HttpServer server;

    public TestServer(int nodes, ApiSecret secret, int maxConnections) throws IOException {
        this(nodes, HttpSettings.of(ANY_PORT, maxConnections, secret), Timeouts.DEFAULT);
    }

    public TestServer(int nodes, HttpSettings settings, Timeouts timeouts) throws IOException {
        for (int i = 0; i < nodes; i++) {
            view.onLoaded(Snapshots.stored("u" + i, 1));
        }
        MembershipHistory membership = new MembershipHistory(
                new InMemoryMembershipLog(),
                view,
                executor,
                new ClusterClock(InstantSource.system(), System::nanoTime),
                System::nanoTime);
        membership.start();
        Placement placement = new Placement(view, transport.commands(), executor, System::nanoTime);
        StatsResponse stats = new StatsResponse(view);
        TotalsCache totals = new TotalsCache(view, System::nanoTime);
        HttpMetrics metrics = new HttpMetrics();
        alerts = new AlertService(
                new InMemoryAlertStore(System::nanoTime, AlertService.LEASE).connect(),
                view,
                totals,
                () -> OutlierReport.NONE,
                "tacho",
                "tacho",
                InstantSource.system());
        feed = new EventFeed(view, new EventData(view), () -> OutlierReport.NONE, executor, System::nanoTime, 0xabc);
        feed.start();
        AccessControl access =
                new AccessControl(settings.keys(), hosts(settings), settings.trustedProxies(), System::nanoTime);
        cache = new ResponseCache(stats, System::nanoTime);
        router = new Router(access, metrics);
        ReadyResponse ready = new ReadyResponse(view);
        new Endpoints(router)
                .probes(ready)
                .dashboard(CompletableFuture.completedFuture(Dashboard.load()))
                .stats(cache, ready)
                .nodes(
                        new NodesResponse(
                                view,
                                membership::departures,
                                () -> OutlierReport.NONE,
                                placement::surplus,
                                System::nanoTime),
                        new NodeSeriesResponse(history.nodeSeries(), view, membership::departures))
                .placement(placement)
                .history(
                        new HistoryResponse(history, periods, InstantSource.system()),
                        new UsageResponse(periods, InstantSource.system()))
                .membership(new MembershipResponse(membership, new SnapshotCodec(), InstantSource.system()))
                .cluster(
                        new ClusterResponse(
                                view,
                                totals,
                                () -> OutlierReport.NONE,
                                () -> new Identity("tacho", "tacho", "web-1:7022", "0.1.0", "127.0.0.1:6379", Map.of()),
                                responses,
                                System::nanoTime),
                        new ComparisonResponse(view, responses, System::nanoTime),
                        new PastClusterResponse(history, periods, InstantSource.system()))
                .events(feed)
                .alerts(alerts.latestStatus(), alerts.silences())
                .metrics(new MetricsPage(
                        view,
                        totals,
                        () -> OutlierReport.NONE,
                        history.durations(),
                        feed.metrics(),
                        alerts.latestStatus(),
                        metrics,
                        responses,
                        System::nanoTime))
                .discovery(new PrometheusTargets(view, "tacho"))
                .centrifugo(
                        new V1Api(view),
                        new StatsMaps(view, InstantSource.system(), responses, System::nanoTime),
                        new InfoApi(new InfoResponse(view, InstantSource.system(), responses, System::nanoTime)),
                        cache,
                        access);
        server = new HttpServer(settings, router, metrics, timeouts, cache::isCrowded);
        server.start();
    }

    /** The tests use the host "t" where it does not matter. */
    private static AllowedHosts hosts(HttpSettings settings) {
        List<String> names = new ArrayList<>(settings.allowedHosts());
        names.add("t");
        return AllowedHosts.of(settings.address(), settings.tls() == null ? names : List.of("*"));
    }

    /** Returns a second server for the same routes, which is not started. */
    HttpServer anotherOn(InetSocketAddress address) {
        return new HttpServer(
                HttpSettings.of(address, 1, null), router, new HttpMetrics(), Timeouts.DEFAULT, cache::isCrowded);
    }

    public Set<String> paths() {
        return router.patterns();
    }

    public int port() {
        return server.port();
    }

    public void becomeReady() {
        collector.start();
        history.start();
    }

    public Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Connects with a receive buffer of about this size. */
    public Socket connect(int receiveBufferBytes) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBufferBytes);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Sends the bytes and reads until the server closes. */
    public String exchange(byte[] request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    /** Sends a GET with these header lines on a separate connection, and returns the response. */
    public String get(String path, String... headers) throws IOException {
        return exchange("GET " + path + " HTTP/1.1\r\nHost: t\r\nConnection: close\r\n"
                + String.join(
                        "", List.of(headers).stream().map(line -> line + "\r\n").toList()) + "\r\n");
    }

    public String exchange(String request) throws IOException {
        return exchange(request.getBytes(ISO_8859_1));
    }

    /** Closes all connections and their event loops, and nothing else. */
    public void stopServing() {
        server.close();
    }

    @Override
    public void close() {
        alerts.close();
        server.close();
        cache.close();
        collector.close();
        feed.close();
        history.close();
        executor.shutdownNow();
        responses.shutdownNow();
    }
}
