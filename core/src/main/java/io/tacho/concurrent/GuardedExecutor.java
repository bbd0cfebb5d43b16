// SPDX-License-Identifier: Apache-2.0
package io.tacho.concurrent;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs guarded tasks on a scheduler: a task that fails is reported and still repeated, and a task that arrives after the
 * scheduler has shut down is dropped. The scheduler stays its owner's to shut down.
 *
 * <p>Thread safety: safe.
 */
public final class GuardedExecutor implements Executor {

    private static final Logger logger = LoggerFactory.getLogger(GuardedExecutor.class);

    private final ScheduledExecutorService scheduler;
    private final Consumer<Throwable> onFailure;

    /** Creates an executor over the scheduler; {@code onFailure} receives what the tasks throw. */
    public GuardedExecutor(ScheduledExecutorService scheduler, Consumer<Throwable> onFailure) {
        this.scheduler = scheduler;
        this.onFailure = onFailure;
    }

    @Override
    public void execute(Runnable task) {
        unlessShutDown(() -> scheduler.execute(guarded(task)));
    }

    /** Runs the task once, after the delay. */
    public void schedule(Runnable task, Duration delay) {
        unlessShutDown(() -> scheduler.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Runs the task after the delay, and again and again with this pause after each run. */
    public void repeat(Runnable task, Duration delay, Duration pause) {
        unlessShutDown(() -> scheduler.scheduleWithFixedDelay(
                guarded(task), delay.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Runs the task at this rate, the first time after one period. */
    public void repeatAtFixedRate(Runnable task, Duration period) {
        unlessShutDown(() ->
                scheduler.scheduleAtFixedRate(guarded(task), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS));
    }

    private GuardedTask guarded(Runnable task) {
        return new GuardedTask(task, onFailure);
    }

    private static void unlessShutDown(Runnable submission) {
        try {
            submission.run();
        } catch (RejectedExecutionException e) {
            logger.debug("task dropped: the executor has shut down");
        }
    }
}
