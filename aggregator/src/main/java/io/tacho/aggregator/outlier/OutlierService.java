// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.NodeList;
import io.tacho.concurrent.GuardedTask;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares all nodes with their peers once per metrics interval, and keeps the latest report.
 *
 * <p>While the view is disconnected from Redis the last report stays, as all values of the view do.
 *
 * <p>Thread safety: {@link #get} may be called from any thread.
 */
public final class OutlierService implements Supplier<OutlierReport> {

    private static final Logger logger = LoggerFactory.getLogger(OutlierService.class);

    private final ClusterView view;
    private final ScheduledExecutorService executor;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final OutlierDetector detector = new OutlierDetector();
    private long dueNanos;
    private volatile OutlierReport report = OutlierReport.NONE;

    /** Creates a service that has not started; its evaluations run in the executor, and end with it. */
    public OutlierService(
            ClusterView view, ScheduledExecutorService executor, InstantSource clock, LongSupplier nanoTime) {
        this.view = view;
        this.executor = executor;
        this.clock = clock;
        this.nanoTime = nanoTime;
        dueNanos = nanoTime.getAsLong();
    }

    /** {@return the report of the last evaluation} */
    @Override
    public OutlierReport get() {
        return report;
    }

    /** Starts the evaluations. */
    public void start() {
        executor.scheduleWithFixedDelay(
                new GuardedTask(
                        this::evaluateIfDue,
                        failure -> logger.error("outliers: an evaluation failed; the next one runs later", failure)),
                1,
                1,
                TimeUnit.SECONDS);
    }

    /** Evaluates all nodes if a metrics interval has passed since the last evaluation. */
    void evaluateIfDue() {
        long now = nanoTime.getAsLong();
        if (now - dueNanos < 0 || !view.status().isReady()) {
            return;
        }
        NodeList list = view.nodeList();
        dueNanos = now + Duration.ofSeconds(list.metricsIntervalSeconds()).toNanos();
        Instant time = clock.instant();
        report = OutlierReport.of(detector.evaluate(
                list.nodes().stream()
                        .map(node -> NodeSample.of(node, time.getEpochSecond()))
                        .toList(),
                time));
    }
}
