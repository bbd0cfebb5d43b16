// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator;

import io.tacho.aggregator.alert.AlertRules;
import io.tacho.aggregator.alert.Alerts;
import io.tacho.aggregator.api.ApiKeys;
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
import io.tacho.aggregator.collect.CollectorMetrics;
import io.tacho.aggregator.dashboard.Dashboard;
import io.tacho.aggregator.events.EventFeed;
import io.tacho.aggregator.history.ClusterMemory;
import io.tacho.aggregator.http.HttpApi;
import io.tacho.aggregator.http.HttpServer;
import io.tacho.aggregator.metrics.HttpMetrics;
import io.tacho.aggregator.metrics.MetricsPage;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.redis.RedisTransport;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An aggregator: follows the nodes of one namespace and serves the HTTP API. Any number of them run side by side.
 *
 * <p>Thread safety: safe.
 */
public final class Aggregator implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(Aggregator.class);

    private final AggregatorSettings settings;
    private final RedisTransport transport;
    private final ScheduledExecutorService executor;
    private final ScheduledExecutorService answers = oneThread("tacho-answers");
    private final ScheduledExecutorService events = oneThread("tacho-events");
    private final ScheduledExecutorService past = oneThread("tacho-history");
    private final Collector collector;
    private final EventFeed feed;
    private final ClusterMemory memory;
    private final Turns turns;
    private final Alerts alerts;
    private final HttpServer server;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** An aggregator that has not started. */
    public Aggregator(AggregatorSettings settings) {
        this.settings = settings;
        SnapshotCodec codec = new SnapshotCodec();
        ClusterView view = new ClusterView(codec, System::nanoTime, settings.maxNodes());
        transport = new RedisTransport(settings.redis(), codec);
        executor = oneThread("tacho-collect");
        collector = new Collector(transport.source(), view, executor, settings.sweepInterval(), System::nanoTime);
        feed = new EventFeed(view, new EventData(collector, view), events, System::nanoTime, epoch());
        alerts = new Alerts(
                transport.alertLedger(Alerts.LEASE),
                collector,
                view,
                settings.redis().namespace());
        TotalsCache totals = new TotalsCache(view, System::nanoTime);
        StatsResponse stats = new StatsResponse(view);
        HttpMetrics metrics = new HttpMetrics();
        memory = new ClusterMemory(transport.history(), view, past, InstantSource.system(), System::nanoTime);
        turns = new Turns(collector, view, InstantSource.system());
        server = new HttpServer(
                settings.http(),
                new HttpApi(
                        stats,
                        new NodesResponse(view, System::nanoTime),
                        new V1Api(view),
                        new InfoApi(new InfoResponse(view, InstantSource.system(), answers, System::nanoTime)),
                        new ReadyResponse(collector, view),
                        new ClusterResponse(collector, view, totals, answers, System::nanoTime),
                        Dashboard.load(),
                        new HistoryResponse(memory, InstantSource.system()),
                        new NodeSeriesResponse(memory.nodes(), view),
                        turns,
                        feed,
                        alerts.board(),
                        new MetricsPage(
                                view, totals, collector, feed.metrics(), alerts.board(), metrics, answers, System::nanoTime),
                        metrics));
    }

    private static ScheduledExecutorService oneThread(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Of two aggregators, or two starts of one, no event of the one is taken for one of the other. */
    private static long epoch() {
        return new SecureRandom().nextLong() >>> 1;
    }

    /**
     * Listens, and begins to follow in the background: {@code /-/ready} tells when the answers are complete.
     *
     * @throws IOException if the address cannot be listened on
     */
    public void start() throws IOException {
        server.start();
        collector.start();
        turns.start(answers);
        memory.start();
        feed.start();
        logger.info(
                "listening on {}; following namespace {} in Redis at {}",
                url(),
                settings.redis().namespace(),
                settings.redis().address());
    }

    /**
     * Puts these rules for alerts in the place of those before, at once; to be called once it has started, and again when the file
     * has changed.
     *
     * @return what has changed, in words without secrets; empty for nothing
     */
    public String alertBy(AlertRules rules) {
        return alerts.take(rules, server.port());
    }

    /** Where the API is, e.g. {@code http://127.0.0.1:7022}. */
    public String url() {
        String host = settings.http().address().getHostString();
        return (settings.http().tls() == null ? "http://" : "https://") + (host.contains(":") ? "[" + host + "]" : host)
                + ":" + server.port();
    }

    /**
     * Puts other keys in force, for the next request on.
     *
     * @return what is new, in words without the keys; empty for nothing
     * @throws IllegalArgumentException if it would not start with them, or if everything would be open that was not
     */
    public String replaceKeys(ApiKeys keys) {
        return server.replaceKeys(settings.withKeys(keys).http().keys());
    }

    /**
     * Reads the certificate of HTTPS now, if it has changed.
     *
     * @return what is new, in words; empty for nothing
     * @throws IllegalArgumentException if it cannot be used; the last one stays in force
     */
    public String rereadCertificate() {
        return server.rereadCertificate();
    }

    public CollectorMetrics metrics() {
        return collector.metrics();
    }

    /** Stops, waiting a few seconds at the most. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        alerts.close();
        feed.close();
        server.close();
        collector.close();
        executor.shutdownNow();
        events.shutdownNow();
        answers.shutdownNow();
        past.shutdownNow();
        memory.close();
        transport.close();
        logger.info("stopped");
    }
}
