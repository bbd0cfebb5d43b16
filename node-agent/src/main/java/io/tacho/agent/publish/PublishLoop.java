// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import io.tacho.concurrent.DaemonThreads;
import io.tacho.concurrent.Failures;
import io.tacho.concurrent.GuardedExecutor;
import io.tacho.concurrent.RateLimitedLog;
import io.tacho.concurrent.StateLog;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.SnapshotPublisher;
import io.tacho.units.Durations;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes beats on schedule, on its own daemon thread: twice quickly at the start, then at every heartbeat and whenever a
 * window closes, and a last time with the leave message at the end. At most one beat is under way; those due meanwhile are left
 * out rather than queued, and one with the latest state follows as soon as Redis has replied.
 *
 * <p>Thread safety: safe.
 */
public final class PublishLoop implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(PublishLoop.class);

    private static final String NOT_DELIVERED =
            "leave message not delivered; the node is listed until its TTL expires: {}";
    private static final Duration SECOND_BEAT = Duration.ofMillis(500);
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(2);

    private final SnapshotAssembler assembler;
    private final SnapshotPublisher publisher;
    private final Duration metricsInterval;
    private final Duration publishInterval;
    private final ScheduledExecutorService thread;
    private final Duration leaveTimeout;
    private final GuardedExecutor tasks;
    private final WindowUploader uploader;
    private final BeatResponses responses;
    private final RateLimitedLog log;
    private final StateLog outcome;

    private CompletionStage<?> lastBeat = CompletableFuture.completedFuture(null);
    private @Nullable String registered;
    private boolean refreshing;
    private boolean catchingUp;
    private boolean hasLeft;

    public PublishLoop(SnapshotAssembler assembler, SnapshotPublisher publisher, PublishSettings settings) {
        this(
                assembler,
                publisher,
                settings,
                DaemonThreads.scheduler("tacho-publish"),
                System::nanoTime,
                Math::random,
                LEAVE_TIMEOUT);
    }

    /**
     * Creates a loop on a given thread.
     *
     * @param thread a scheduler of one thread, which the loop shuts down
     * @param random numbers from 0 to 1, which spread uploads over time
     * @param leaveTimeout how long closing waits for the last messages
     */
    PublishLoop(
            SnapshotAssembler assembler,
            SnapshotPublisher publisher,
            PublishSettings settings,
            ScheduledExecutorService thread,
            LongSupplier nanoTime,
            DoubleSupplier random,
            Duration leaveTimeout) {
        this.assembler = assembler;
        this.publisher = publisher;
        this.thread = thread;
        this.leaveTimeout = leaveTimeout;
        metricsInterval = settings.metricsInterval();
        publishInterval = settings.publishInterval();
        log = new RateLimitedLog(nanoTime);
        outcome = new StateLog(nanoTime);
        tasks = new GuardedExecutor(thread, this::failed);
        uploader = new WindowUploader(
                publisher, settings, assembler.writer(), assembler.clock(), thread, nanoTime, random);
        responses = new BeatResponses(assembler, uploader, tasks, this::beat, nanoTime);
    }

    /** Starts to publish, in the background. */
    public void start() {
        tasks.execute(this::beat);
        if (publishInterval.compareTo(SECOND_BEAT) > 0) {
            tasks.schedule(this::beat, SECOND_BEAT);
        }
        tasks.repeatAtFixedRate(this::beat, publishInterval);
        scheduleWindowEnd();
    }

    /** Publishes immediately, and with every later beat, that the node is draining. */
    public void drain() {
        assembler.drain();
        tasks.execute(this::beat);
    }

    /** {@return whether the last beat that was completed has been accepted} */
    public boolean isPublished() {
        return responses.isAccepted();
    }

    private void failed(Throwable failure) {
        if (log.isDue("beat")) {
            logger.error("beat failed; trying again at the next", failure);
        }
    }

    private void beat() {
        if (hasLeft || refreshing) {
            // a window may end while the leave message is in flight: a beat now would bring the node back
            return;
        }
        if (!lastBeat.toCompletableFuture().isDone()) {
            catchUpAfterLastBeat();
            return;
        }
        refreshing = true;
        whenRefreshed(() -> {
            refreshing = false;
            if (assembler.isWindowLate()) {
                closeWindow();
            }
            publish();
        });
    }

    /** Runs the task when the source is up to date, and after a beat's time whatever the source does. */
    private void whenRefreshed(Runnable task) {
        CompletableFuture<Void> fresh = refresh();
        if (fresh.isDone()) {
            task.run();
        } else {
            CompletableFuture<Void> freshInTime = fresh.copy();
            freshInTime.whenComplete((done, failure) -> tasks.execute(task));
            tasks.schedule(() -> freshInTime.complete(null), publishInterval);
        }
    }

    private CompletableFuture<Void> refresh() {
        try {
            return assembler.refresh().toCompletableFuture();
        } catch (Throwable e) { // errors too: the next beat would wait for this one for ever
            if (log.isDue("source")) {
                logger.error("the source failed; going on with the last values", e);
            }
            return CompletableFuture.completedFuture(null);
        }
    }

    private void publish() {
        if (hasLeft) {
            return;
        }
        if (!lastBeat.toCompletableFuture().isDone()) {
            catchUpAfterLastBeat();
            return;
        }
        catchingUp = false;
        SnapshotEnvelope beat = assembler.nextBeat();
        leaveUnless(beat == null ? null : beat.uid());
        if (beat != null) {
            registered = beat.uid();
            lastBeat = publisher.publish(beat).whenComplete((result, failure) -> {
                report(failure);
                responses.onResponse(beat.uid(), result);
            });
        }
    }

    /** Removes the node that was published last, if it is another one now or none; a lost one is left to its TTL. */
    private void leaveUnless(@Nullable String uid) {
        if (registered != null && !registered.equals(uid)) {
            if (uid != null || !assembler.isLost()) {
                lastBeat =
                        publisher.leave(assembler.leave(registered)).whenComplete((done, failure) -> report(failure));
            }
            registered = null;
        }
    }

    /** So that no window is overtaken by the next one. */
    private void catchUpAfterLastBeat() {
        logger.debug("beat left out: the last one is still under way");
        if (!catchingUp) {
            catchingUp = true;
            lastBeat.whenComplete((done, failure) -> tasks.execute(this::beat));
        }
    }

    private void endWindow() {
        if (hasLeft) {
            return;
        }
        // first, so that whatever happens below there is a next window
        scheduleWindowEnd();
        whenRefreshed(() -> {
            if (!hasLeft) {
                closeWindow();
                publish();
            }
        });
    }

    /** Ends the window. A failure of this does not end the heartbeat. */
    private void closeWindow() {
        try {
            uploader.add(assembler.closeWindow());
        } catch (RuntimeException e) {
            if (log.isDue("window")) {
                logger.error("a window could not be closed; the history lacks it", e);
            }
        }
    }

    private void scheduleWindowEnd() {
        long now = assembler.clock().millis();
        tasks.schedule(this::endWindow, Duration.ofMillis(millisToWindowEnd(now, metricsInterval.toMillis())));
    }

    /**
     * Time until the next multiple of the interval since the epoch. A timer that fires a little before its time by the wall
     * clock must not make a window of a few milliseconds: then it is the multiple after.
     */
    static long millisToWindowEnd(long nowMillis, long intervalMillis) {
        long rest = intervalMillis - Math.floorMod(nowMillis, intervalMillis);
        return rest < intervalMillis / 20 ? rest + intervalMillis : rest;
    }

    private void report(@Nullable Throwable failure) {
        if (failure != null && outcome.isNews("failing")) {
            logger.warn("not published, and not visible once the TTL is over: {}", Failures.message(failure));
        } else if (failure == null && outcome.isEndNews()) {
            logger.info("published again");
        }
    }

    /** Ends the window, publishes and uploads it, and announces the departure; waits at most two seconds. Idempotent. */
    @Override
    public void close() {
        if (thread.isShutdown()) {
            return;
        }
        CompletableFuture<Void> gone =
                CompletableFuture.supplyAsync(this::leave, thread).thenCompose(stage -> stage);
        thread.shutdown();
        try {
            gone.get(leaveTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            logger.warn(NOT_DELIVERED, Failures.message(e));
        } catch (TimeoutException e) {
            logger.warn(NOT_DELIVERED, "no reply in " + Durations.format(leaveTimeout));
        }
        thread.shutdownNow();
    }

    private CompletionStage<Void> leave() {
        SnapshotEnvelope overtaken = catchingUp ? assembler.nextBeat() : null;
        if (overtaken != null) {
            publisher.publish(overtaken);
        }
        assembler.finish();
        closeWindow();
        CompletionStage<Void> uploaded = uploader.finish();
        SnapshotEnvelope lastWindow = assembler.nextBeat();
        leaveUnless(lastWindow == null ? null : lastWindow.uid());
        hasLeft = true;
        if (lastWindow == null) {
            return lastBeat.thenCombine(uploaded, (left, done) -> null);
        }
        LeaveEnvelope leave = assembler.leave(lastWindow.uid());
        return publisher
                .publish(lastWindow)
                // the leave message may be delivered even if the last window is not
                .handle((done, failure) -> publisher.leave(leave))
                .thenCompose(left -> left)
                .thenCombine(uploaded, (left, done) -> null);
    }
}
