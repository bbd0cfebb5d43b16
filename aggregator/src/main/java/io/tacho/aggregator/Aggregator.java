// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator;

import io.tacho.aggregator.api.ClusterResponse;
import io.tacho.aggregator.api.NodesResponse;
import io.tacho.aggregator.api.ReadyResponse;
import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.collect.Collector;
import io.tacho.aggregator.collect.CollectorMetrics;
import io.tacho.aggregator.http.HttpApi;
import io.tacho.aggregator.http.HttpServer;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.redis.RedisTransport;
import java.io.IOException;
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
    private final Collector collector;
    private final HttpServer server;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** An aggregator that has not started. */
    public Aggregator(AggregatorSettings settings) {
        this.settings = settings;
        SnapshotCodec codec = new SnapshotCodec();
        ClusterView view = new ClusterView(codec, System::nanoTime, settings.maxNodes());
        transport = new RedisTransport(settings.redis(), codec);
        executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "tacho-collect");
            thread.setDaemon(true);
            return thread;
        });
        collector = new Collector(transport.source(), view, executor, settings.sweepInterval(), System::nanoTime);
        StatsResponse stats = new StatsResponse(view);
        server = new HttpServer(
                settings.http(),
                new HttpApi(
                        stats,
                        new NodesResponse(view, System::nanoTime),
                        settings.http().v1(view),
                        new ReadyResponse(collector, view),
                        new ClusterResponse(collector, view)));
    }

    /**
     * Listens, and begins to follow in the background: {@code /-/ready} tells when the answers are complete.
     *
     * @throws IOException if the address cannot be listened on
     */
    public void start() throws IOException {
        server.start();
        collector.start();
        logger.info(
                "listening on {}; following namespace {} in Redis at {}",
                url(),
                settings.redis().namespace(),
                settings.redis().address());
    }

    /** Where the API is, e.g. {@code http://127.0.0.1:7022}. */
    public String url() {
        String host = settings.http().address().getHostString();
        return (settings.http().tls() == null ? "http://" : "https://") + (host.contains(":") ? "[" + host + "]" : host)
                + ":" + server.port();
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
        server.close();
        collector.close();
        executor.shutdownNow();
        transport.close();
        logger.info("stopped");
    }
}
