// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A clock, ticker and executor whose time is advanced by the test. Tasks run on the thread that calls
 * {@link #advance} or {@link #runPending}, ordered by time, and by submission for equal times.
 * While a task runs, the clock shows the time for which it was scheduled.
 *
 * <p>Thread safety: tasks may be submitted by any thread; one thread advances the time.
 */
public final class ManualScheduler extends ManualTicker implements ScheduledExecutorService {

    private final PriorityQueue<Task<?>> tasks = new PriorityQueue<>(
            Comparator.<Task<?>>comparingLong(task -> task.atNanos).thenComparingLong(t -> t.number));
    private long submitted;
    private boolean shutDown;

    public ManualScheduler() {}

    public ManualScheduler(Instant origin) {
        super(origin);
    }

    /** Advances the time and runs all tasks that become due, including those that they submit. */
    @Override
    public void advance(Duration duration) {
        long target = getAsLong() + duration.toNanos();
        runUntil(target);
        advanceTo(target);
    }

    /** Runs the tasks that are due now. */
    public void runPending() {
        advance(Duration.ZERO);
    }

    /** {@return the number of waiting tasks} */
    public synchronized int size() {
        tasks.removeIf(FutureTask::isDone);
        return tasks.size();
    }

    private void runUntil(long target) {
        for (Task<?> task = takeDue(target); task != null; task = takeDue(target)) {
            advanceTo(Math.max(getAsLong(), task.atNanos));
            task.runOnce();
        }
    }

    private synchronized Task<?> takeDue(long targetNanos) {
        return tasks.isEmpty() || tasks.peek().atNanos > targetNanos ? null : tasks.poll();
    }

    private synchronized <T> Task<T> add(Task<T> task) {
        if (shutDown) {
            throw new RejectedExecutionException("shut down");
        }
        task.number = submitted++;
        tasks.add(task);
        return task;
    }

    private <T> Task<T> add(Callable<T> callable, long delay, long periodNanos, long pauseNanos, TimeUnit unit) {
        return add(new Task<>(callable, getAsLong() + Math.max(0, unit.toNanos(delay)), periodNanos, pauseNanos));
    }

    @Override
    public void execute(Runnable task) {
        schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return schedule(Executors.callable(task), delay, unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        return add(task, delay, 0, 0, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return add(Executors.callable(task), initialDelay, unit.toNanos(period), 0, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initialDelay, long delay, TimeUnit unit) {
        return add(Executors.callable(task), initialDelay, 0, unit.toNanos(delay), unit);
    }

    @Override
    public <T> Future<T> submit(Callable<T> task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public <T> Future<T> submit(Runnable task, T result) {
        return submit(Executors.callable(task, result));
    }

    @Override
    public Future<?> submit(Runnable task) {
        return submit(Executors.callable(task));
    }

    /** Runs the tasks that are due and rejects new ones. */
    @Override
    public void shutdown() {
        runPending();
        synchronized (this) {
            shutDown = true;
            tasks.removeIf(task -> task.periodNanos + task.pauseNanos > 0);
        }
    }

    @Override
    public synchronized List<Runnable> shutdownNow() {
        shutDown = true;
        List<Runnable> waiting = new ArrayList<>(tasks);
        tasks.clear();
        return waiting;
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutDown;
    }

    @Override
    public synchronized boolean isTerminated() {
        return shutDown && size() == 0;
    }

    /** Advances the time by the timeout, or less if all tasks complete earlier. */
    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        runUntil(getAsLong() + unit.toNanos(timeout));
        return isTerminated();
    }

    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) {
        throw blocking();
    }

    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit) {
        throw blocking();
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks) {
        throw blocking();
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit) {
        throw blocking();
    }

    /** These methods are unsupported: they would wait for tasks that only the waiting thread can run. */
    private static UnsupportedOperationException blocking() {
        return new UnsupportedOperationException("blocks while time stands still (expected: submit, then advance)");
    }

    private final class Task<T> extends FutureTask<T> implements ScheduledFuture<T> {

        private final long periodNanos;
        private final long pauseNanos;
        private long atNanos;
        private long number;

        Task(Callable<T> callable, long atNanos, long periodNanos, long pauseNanos) {
            super(callable);
            this.atNanos = atNanos;
            this.periodNanos = periodNanos;
            this.pauseNanos = pauseNanos;
        }

        void runOnce() {
            if (periodNanos + pauseNanos == 0) {
                run();
            } else if (runAndReset() && !isShutdown()) {
                atNanos = periodNanos > 0 ? atNanos + periodNanos : getAsLong() + pauseNanos;
                add(this);
            }
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(atNanos - getAsLong(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
