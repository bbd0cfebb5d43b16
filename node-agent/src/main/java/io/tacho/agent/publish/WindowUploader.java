// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import io.tacho.concurrent.Failures;
import io.tacho.concurrent.StateLog;
import io.tacho.store.ClusterClock;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowSink;
import io.tacho.store.WindowUpload;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads the completed windows of a node into the history of the cluster.
 *
 * <p><b>Problem.</b> Every event of every node must be in exactly one stored window, although an upload may be lost on its way,
 * its response may be lost, Redis may be away for minutes, lose its last writes in a failover, or come back empty. And the
 * windows of all nodes end at the same time: ten thousand uploads at once would keep Redis from everything else for seconds.
 *
 * <p><b>Mechanism.</b> The windows of a uid have ascending numbers. Redis stores for each uid the high-water mark: the number
 * of its last window that was rolled up. An upload carries the mark as the node knows it, and the windows above it. One script
 * compares the marks: if they are equal it adds the windows and advances the mark, atomically; otherwise it changes nothing.
 * Both ways it returns the mark as it is now, and the node adopts that. {@link RetainedWindows} keeps the last windows, those
 * that were uploaded too.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>Redis contains all windows of this uid up to its mark that this node has uploaded, and none above it, because the
 *       script changes windows and mark together.
 *   <li>At most one upload is in flight ({@code inFlight}), so two uploads with the same mark cannot both start.
 *   <li>The number of a window never changes once Redis may contain it; see {@link UploadSequence} for the one exception,
 *       which precedes the first upload that was accepted.
 * </ol>
 *
 * <p><b>Why every window counts once.</b> If an upload is lost, the mark is unchanged: the retry is accepted. If only the
 * response is lost, the mark has advanced: the retry does not match and changes nothing, and its response moves the node on.
 * If Redis forgot its last writes, windows and mark went back together: the response is the older mark, and the windows above
 * it are still retained and follow. If Redis is empty the mark is 0, and everything that is retained follows, also of the node's
 * previous uids: a mark that went back resets what the node knows of their marks. A window is
 * missing only if it was dropped from {@link RetainedWindows} first; the log reports that.
 *
 * <p><b>Two agents of one node.</b> The script adds nothing for a writer that does not hold the uid. Windows that overlap with
 * the time in which another one held it are dropped, so that nothing counts twice. The first window after a change of the writer
 * counts from the totals of the last upload on, if the node's process has totals; see {@link UploadSequence}.
 *
 * <p><b>Load.</b> A new window waits for a random part of a quarter of the interval, at most 5 s. Late windows are uploaded in
 * small batches with a random pause that is proportional to their number, so that a whole cluster that has to catch up leaves
 * Redis half of its time.
 *
 * <p>Thread safety: safe, one lock guards the state. No method throws or waits for Redis.
 */
final class WindowUploader {

    private static final Logger logger = LoggerFactory.getLogger(WindowUploader.class);

    private static final Duration MAX_SPREAD = Duration.ofSeconds(5);

    /** With this, ten thousand nodes that all have to catch up take half of the time of one Redis. */
    private static final Duration MAX_SPREAD_OF_EACH_LATE = Duration.ofSeconds(15);

    /** While another writer holds the uid. */
    private static final Duration CONFLICT_PAUSE = Duration.ofSeconds(1);

    private final WindowSink sink;
    private final ScheduledExecutorService thread;
    private final LongSupplier nanoTime;
    private final DoubleSupplier random;
    private final long spreadNanos;
    private final long lateNanos;
    private final RetainedWindows retained;
    private final boolean enabled;
    private final StateLog outcome;

    private boolean scheduled;
    private boolean inFlight;
    private long dropped;
    private @Nullable CompletableFuture<Void> finished;

    /**
     * Creates an uploader that is idle until a window is added.
     *
     * @param writer the id of this agent process
     * @param clock knows the store's time
     * @param random 0 to 1
     */
    WindowUploader(
            WindowSink sink,
            PublishSettings settings,
            String writer,
            ClusterClock clock,
            ScheduledExecutorService thread,
            LongSupplier nanoTime,
            DoubleSupplier random) {
        this.sink = sink;
        this.thread = thread;
        this.nanoTime = nanoTime;
        outcome = new StateLog(nanoTime);
        this.random = random;
        long quarter = settings.metricsInterval().toNanos() / 4;
        spreadNanos = Math.min(quarter, MAX_SPREAD.toNanos());
        lateNanos = Math.min(quarter, MAX_SPREAD_OF_EACH_LATE.toNanos());
        retained = new RetainedWindows(settings.history(), writer, clock);
        enabled = !settings.history().isZero();
    }

    /** Adds a window, which is uploaded soon; null for none. */
    synchronized void add(@Nullable ClosedWindow closed) {
        if (closed == null || !enabled) {
            return;
        }
        int dropping = retained.add(closed, nanoTime.getAsLong());
        if (dropping > 0 && dropped == 0) {
            logger.warn("history: windows were dropped before they could be uploaded; the history lacks them");
        }
        dropped += dropping;
        uploadWithin(spreadNanos);
    }

    /** Drops the windows of a uid, because another writer has counted the same time. */
    synchronized void drop(String uid) {
        int dropping = retained.remove(uid);
        if (dropping > 0) {
            logger.warn("history: {} windows were dropped: another agent has counted for {} meanwhile", dropping, uid);
        }
    }

    /** Schedules an upload at a random time until then, so that the uploads of many nodes are spread. */
    private void uploadWithin(long atMostNanos) {
        uploadAfter((long) (random.getAsDouble() * atMostNanos));
    }

    private void uploadAfter(long nanos) {
        if (scheduled || inFlight) {
            return;
        }
        try {
            thread.schedule(this::upload, nanos, TimeUnit.NANOSECONDS);
            scheduled = true;
        } catch (RejectedExecutionException e) {
            logger.debug("history: nothing more is uploaded: the loop has ended");
        }
    }

    /**
     * Uploads all remaining windows immediately.
     *
     * @return completed when everything is uploaded, or the first attempt has failed
     */
    CompletableFuture<Void> finish() {
        CompletableFuture<Void> finishing = new CompletableFuture<>();
        synchronized (this) {
            finished = finishing;
        }
        upload();
        return finishing;
    }

    private void upload() {
        WindowUpload batch;
        synchronized (this) {
            scheduled = false;
            if (inFlight) {
                return;
            }
            batch = retained.nextUpload();
            if (batch == null) {
                finished();
                return;
            }
            inFlight = true;
        }
        try {
            sink.upload(batch).whenComplete((result, failure) -> completed(batch.uid(), result, failure));
        } catch (Throwable e) {
            // errors too: uploading must go on
            completed(batch.uid(), null, e);
        }
    }

    private void completed(String uid, @Nullable UploadResult result, @Nullable Throwable failure) {
        synchronized (this) {
            inFlight = false;
            report(failure);
            boolean conflict = result != null && result.isConflict();
            if (result != null && !conflict) {
                retained.confirm(uid, result);
            } else if (conflict && !retained.isCurrent(uid)) {
                // this node does not return to that uid by itself, and its windows must not delay the others
                drop(uid);
                conflict = false;
            }
            if (finished == null) {
                WindowUpload late = retained.nextUpload();
                if (late != null && conflict) {
                    uploadAfter(CONFLICT_PAUSE.toNanos());
                } else if (late != null) {
                    uploadWithin(late.windows().size() * lateNanos);
                }
                return;
            }
            if (failure != null || conflict) {
                finished();
                return;
            }
        }
        upload();
    }

    private void finished() {
        if (finished != null) {
            finished.complete(null);
        }
    }

    private void report(@Nullable Throwable failure) {
        if (failure != null && outcome.isNews("failing")) {
            logger.warn("history: windows are not uploaded, and retained for a while: {}", Failures.message(failure));
        } else if (failure == null && outcome.isEndNews()) {
            logger.info("history: windows are uploaded again, {} were dropped", dropped);
            dropped = 0;
        }
    }
}
