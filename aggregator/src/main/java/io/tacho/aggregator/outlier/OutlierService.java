// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.NodeList;
import io.tacho.concurrent.GuardedTask;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares all nodes with their peers once per metrics interval, and keeps the latest report. The time of an evaluation is a quarter of an
 * interval after the end of the windows, when all nodes have reported them: so all aggregators compare the same windows and report the
 * same outliers, starts and ends.
 *
 * <p>While the view is disconnected from Redis the last report stays, as all values of the view do.
 *
 * <p>Thread safety: {@link #get} may be called from any thread.
 */
public final class OutlierService implements Supplier<OutlierReport> {

    private static final Logger logger = LoggerFactory.getLogger(OutlierService.class);

    /** The part of an interval after which the windows that ended are evaluated: a quarter. */
    private static final int DELAY = 4;

    private static final long NOT_STARTED = Long.MIN_VALUE;

    private final ClusterView view;
    private final ScheduledExecutorService executor;
    private final InstantSource clock;
    private final OutlierDetector detector = new OutlierDetector();
    /** The interval of the last evaluation; the first one waits for the end of the current interval. */
    private long lastSlot = NOT_STARTED;

    private int evaluations;
    private volatile OutlierReport report = OutlierReport.NONE;

    /** Creates a service that has not started; its evaluations run in the executor, and end with it. */
    public OutlierService(ClusterView view, ScheduledExecutorService executor, InstantSource clock) {
        this.view = view;
        this.executor = executor;
        this.clock = clock;
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

    /** Evaluates all nodes once per metrics interval. */
    void evaluateIfDue() {
        if (!view.status().isReady()) {
            return;
        }
        NodeList list = view.nodeList();
        long interval = TimeUnit.SECONDS.toMillis(list.metricsIntervalSeconds());
        long slot = Math.floorDiv(clock.millis() - interval / DELAY, interval);
        boolean isDue = slot != lastSlot && lastSlot != NOT_STARTED;
        lastSlot = slot;
        if (!isDue) {
            return;
        }
        Instant time = Instant.ofEpochMilli(slot * interval + interval / DELAY);
        List<Outlier> outliers = detector.evaluate(
                list.nodes().stream()
                        .map(node -> NodeSample.of(node, time.getEpochSecond()))
                        .toList(),
                time);
        evaluations++;
        report = report.next(outliers, time.toEpochMilli(), evaluations > Deviation.WINDOWS_TO_ENTER);
    }
}
