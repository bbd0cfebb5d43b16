// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tacho.aggregator.alert.AlertBoard;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.api.ClusterResponse;
import io.tacho.aggregator.api.EventData;
import io.tacho.aggregator.api.HistoryResponse;
import io.tacho.aggregator.api.InfoApi;
import io.tacho.aggregator.api.InfoResponse;
import io.tacho.aggregator.api.NodeSeriesResponse;
import io.tacho.aggregator.api.NodesResponse;
import io.tacho.aggregator.api.ReadyResponse;
import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.api.Turns;
import io.tacho.aggregator.api.V1Api;
import io.tacho.aggregator.cluster.TotalsCache;
import io.tacho.aggregator.collect.Collector;
import io.tacho.aggregator.dashboard.Dashboard;
import io.tacho.aggregator.events.EventFeed;
import io.tacho.aggregator.history.ClusterMemory;
import io.tacho.aggregator.metrics.HttpMetrics;
import io.tacho.aggregator.metrics.MetricsPage;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.Snapshots;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A real HTTP server over a view that the test fills, and raw sockets to talk to it. */
final class TestServer implements AutoCloseable {

    static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    final ClusterView view = new ClusterView(new SnapshotCodec(), System::nanoTime, 20_000);
    final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    final InMemoryTransport transport = new InMemoryTransport(System::nanoTime);
    private final Collector collector =
            new Collector(transport.source(), view, executor, Duration.ofHours(1), System::nanoTime);
    private final ClusterMemory memory =
            new ClusterMemory(transport.history(), view, executor, InstantSource.system(), System::nanoTime);
    private final ExecutorService answers = Executors.newSingleThreadExecutor();
    final EventFeed feed;
    final HttpApi api;
    private final HttpServer server;

    TestServer(int nodes, ApiSecret secret, int maxConnections) throws IOException {
        this(nodes, HttpSettings.of(ANY_PORT, maxConnections, secret), Patience.DEFAULT);
    }

    TestServer(int nodes, HttpSettings settings, Patience patience) throws IOException {
        for (int i = 0; i < nodes; i++) {
            view.loaded(Snapshots.stored("u" + i, 1));
        }
        StatsResponse stats = new StatsResponse(view);
        TotalsCache totals = new TotalsCache(view, System::nanoTime);
        HttpMetrics metrics = new HttpMetrics();
        AlertBoard alerts = new AlertBoard();
        feed = new EventFeed(view, new EventData(collector, view), executor, System::nanoTime, 0xabc);
        feed.start();
        api = new HttpApi(
                stats,
                new NodesResponse(view, System::nanoTime),
                new V1Api(view),
                new InfoApi(new InfoResponse(view, InstantSource.system(), answers, System::nanoTime)),
                new ReadyResponse(collector, view),
                new ClusterResponse(collector, view, totals, answers, System::nanoTime),
                Dashboard.load(),
                new HistoryResponse(memory, InstantSource.system()),
                new NodeSeriesResponse(memory.nodes(), view),
                new Turns(collector, view, InstantSource.system()),
                feed,
                alerts,
                new MetricsPage(view, totals, collector, feed.metrics(), alerts, metrics, answers, System::nanoTime),
                metrics);
        server = new HttpServer(settings, api, patience);
        server.start();
    }

    Set<String> paths() {
        return server.paths();
    }

    int port() {
        return server.port();
    }

    void becomeReady() {
        collector.start();
        memory.start();
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Sends the bytes and reads until the server closes. */
    String exchange(byte[] request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    /** The answer to a GET on a connection of its own, with these header lines. */
    String get(String path, String... headers) throws IOException {
        return exchange("GET " + path + " HTTP/1.1\r\nHost: t\r\nConnection: close\r\n"
                + String.join(
                        "", List.of(headers).stream().map(line -> line + "\r\n").toList()) + "\r\n");
    }

    String exchange(String request) throws IOException {
        return exchange(request.getBytes(ISO_8859_1));
    }

    @Override
    public void close() {
        server.close();
        collector.close();
        feed.close();
        memory.close();
        executor.shutdownNow();
        answers.shutdownNow();
    }
}
