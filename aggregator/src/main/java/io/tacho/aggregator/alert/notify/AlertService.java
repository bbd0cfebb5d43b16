// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import io.tacho.aggregator.alert.evaluate.AlertStoreClient;
import io.tacho.aggregator.alert.rule.AlertConfig;
import io.tacho.aggregator.cluster.TotalsCache;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.concurrent.DaemonThreads;
import io.tacho.concurrent.GuardedTask;
import io.tacho.concurrent.RateLimitedLog;
import io.tacho.store.alerts.AlertStore;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the alert engine once a second, and owns its thread and webhook. Before the first rule it starts no thread and opens no
 * connection.
 *
 * <p>Thread safety: safe.
 */
public final class AlertService implements AutoCloseable {

    /** The time after which another aggregator becomes the leader if the leader stops responding. */
    public static final Duration LEASE = Duration.ofSeconds(5);

    private static final Duration EVALUATION_INTERVAL = Duration.ofSeconds(1);
    private static final long CLOSE_MILLIS = 1_000;

    private static final Logger logger = LoggerFactory.getLogger(AlertService.class);

    private final AlertStore store;
    private final ClusterView view;
    private final TotalsCache totals;
    private final Supplier<OutlierReport> outliers;
    private final String namespace;
    private final String clusterName;
    private final InstantSource clock;
    private final LatestAlertStatus latestStatus = new LatestAlertStatus();
    private final Webhook webhook = new HttpWebhook();
    private final ScheduledExecutorService executor = DaemonThreads.scheduler("tacho-alerts");

    private @Nullable AlertEngine engine;
    private @Nullable Future<?> evaluations;
    private boolean closed;

    /**
     * Creates a service without rules.
     *
     * @param namespace identifies the cluster in notifications
     * @param clusterName the label of the cluster in Alertmanagers
     */
    public AlertService(
            AlertStore store,
            ClusterView view,
            TotalsCache totals,
            Supplier<OutlierReport> outliers,
            String namespace,
            String clusterName,
            InstantSource clock) {
        this.store = store;
        this.view = view;
        this.totals = totals;
        this.outliers = outliers;
        this.namespace = namespace;
        this.clusterName = clusterName;
        this.clock = clock;
    }

    /** Returns the status of the alerts, which changes with each evaluation. */
    public LatestAlertStatus latestStatus() {
        return latestStatus;
    }

    /** {@return creates and ends silences} */
    public SilenceService silences() {
        return new SilenceService(store, latestStatus, executor, clock);
    }

    /**
     * Replaces the rules, silences and receivers immediately, and returns what to log. Alerts of unchanged rules are kept.
     *
     * @param httpPort the port of this aggregator's API, part of its name in notifications
     * @return a log message about the new config, without secrets; empty if nothing has changed
     */
    public synchronized String applyConfig(AlertConfig config, int httpPort) {
        AlertEngine running = engine;
        if (closed || (running == null ? AlertConfig.NONE : running.config()).equals(config)) {
            return "";
        }
        if (running == null) {
            running = createEngine(hostName() + ":" + httpPort);
            engine = running;
            evaluations = executor.scheduleWithFixedDelay(
                    new GuardedTask(running::evaluate, AlertService::logFailure),
                    0,
                    EVALUATION_INTERVAL.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
        running.applyConfig(config);
        return "alerts: " + config.summary();
    }

    private AlertEngine createEngine(String aggregator) {
        RateLimitedLog rateLimitedLog = new RateLimitedLog(System::nanoTime);
        DeliveryLog deliveries = new DeliveryLog();
        return new AlertEngine(
                new AlertStoreClient(store, executor, rateLimitedLog),
                view,
                totals,
                outliers,
                new NotificationSender(
                        new DeliveryChannel("webhook", webhook, executor, deliveries, rateLimitedLog),
                        namespace,
                        aggregator),
                new AlertmanagerSender(
                        () -> new DeliveryChannel("alertmanager", webhook, executor, deliveries, rateLimitedLog),
                        clusterName),
                deliveries,
                latestStatus,
                aggregator,
                System::nanoTime,
                clock);
    }

    private static void logFailure(Throwable failure) {
        logger.error("alerts: an evaluation failed; the next one runs within a second", failure);
    }

    /** Returns the name of this machine. */
    public static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Stops the evaluation and releases the lease, waiting a bounded time. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        AlertEngine running = engine;
        if (running != null && evaluations != null) {
            evaluations.cancel(false);
            webhook.close();
            // store the result of the last notification, so that the next leader does not repeat it
            CompletableFuture<Void> stored = new CompletableFuture<>();
            executor.execute(() -> running.storeDeliveries(() -> stored.complete(null)));
            await("the last notification may be repeated", stored);
            await("the lease expires instead of being released", store.releaseLease(0));
        }
        executor.shutdownNow();
        store.close();
    }

    private static void await(String consequence, CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            logger.debug("alerts: {}", consequence, e);
        }
    }
}
