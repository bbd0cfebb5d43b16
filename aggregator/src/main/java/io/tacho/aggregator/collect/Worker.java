// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the collector's tasks on an executor. A task that fails is logged and ends neither the executor nor its own repetition;
 * a task submitted after the executor's shutdown is ignored.
 *
 * <p>Thread safety: safe.
 */
final class Worker {

    private static final Logger logger = LoggerFactory.getLogger(Worker.class);

    private final ScheduledExecutorService executor;

    Worker(ScheduledExecutorService executor) {
        this.executor = executor;
    }

    void run(Runnable task) {
        unlessStopped(() -> executor.execute(guarded(task)));
    }

    void runLater(Runnable task, Duration delay) {
        unlessStopped(() -> executor.schedule(guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS));
    }

    void repeat(Runnable task, Duration interval) {
        long millis = interval.toMillis();
        unlessStopped(() -> executor.scheduleWithFixedDelay(guarded(task), millis, millis, TimeUnit.MILLISECONDS));
    }

    private static void unlessStopped(Runnable submission) {
        try {
            submission.run();
        } catch (RejectedExecutionException e) {
            logger.debug("stopped");
        }
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable e) {
                // an error too: a task that throws is never repeated
                logger.error("collector task failed", e);
            }
        };
    }
}
