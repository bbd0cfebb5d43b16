// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import io.tacho.concurrent.Failures;
import io.tacho.store.FoldBatch;
import io.tacho.store.WindowFolder;
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
 * Folds windows into the memory of the cluster, some time after they have ended, so that a thousand nodes do not do so at the
 * same moment. What is not folded is tried again with what comes after it. At most one batch is under way.
 *
 * <p>Thread safety: safe; it never throws, and never waits for Redis.
 */
final class FoldLoop {

    private static final Logger logger = LoggerFactory.getLogger(FoldLoop.class);

    private static final Duration MAX_SPREAD = Duration.ofSeconds(5);

    /** Ten thousand nodes that all have to catch up take half of one Redis' time with this. */
    private static final Duration MAX_SPREAD_OF_EACH_LATE = Duration.ofSeconds(15);

    private final WindowFolder folder;
    private final ScheduledExecutorService thread;
    private final LongSupplier nanoTime;
    private final DoubleSupplier random;
    private final long spreadNanos;
    private final long lateNanos;
    private final KeptWindows kept;
    private final boolean enabled;

    private boolean scheduled;
    private boolean underWay;
    private boolean failing;
    private long dropped;
    private @Nullable CompletableFuture<Void> finished;

    /**
     * Nothing is done before a window is added.
     *
     * @param random 0 to 1
     */
    FoldLoop(
            WindowFolder folder,
            PublishSettings settings,
            ScheduledExecutorService thread,
            LongSupplier nanoTime,
            DoubleSupplier random) {
        this.folder = folder;
        this.thread = thread;
        this.nanoTime = nanoTime;
        this.random = random;
        long quarter = settings.metricsInterval().toNanos() / 4;
        spreadNanos = Math.min(quarter, MAX_SPREAD.toNanos());
        lateNanos = Math.min(quarter, MAX_SPREAD_OF_EACH_LATE.toNanos());
        kept = new KeptWindows(settings.history());
        enabled = !settings.history().isZero();
    }

    /** Takes a window that is to be folded soon; null for none. */
    synchronized void add(@Nullable ClosedWindow closed) {
        if (closed == null || !enabled) {
            return;
        }
        int unfolded = kept.add(closed, nanoTime.getAsLong());
        if (unfolded > 0 && dropped == 0) {
            logger.warn("history: windows are dropped that could not be folded for too long; the history lacks them");
        }
        dropped += unfolded;
        foldAfter(spreadNanos);
    }

    /** At some time until then, so that many nodes are spread over it. */
    private void foldAfter(long atMostNanos) {
        if (scheduled || underWay) {
            return;
        }
        try {
            thread.schedule(this::fold, (long) (random.getAsDouble() * atMostNanos), TimeUnit.NANOSECONDS);
            scheduled = true;
        } catch (RejectedExecutionException e) {
            logger.debug("history: nothing more is folded: the loop has ended");
        }
    }

    /**
     * Folds what is left, at once.
     *
     * @return completed when everything is folded, or the first attempt has failed
     */
    CompletableFuture<Void> finish() {
        CompletableFuture<Void> finishing = new CompletableFuture<>();
        synchronized (this) {
            finished = finishing;
        }
        fold();
        return finishing;
    }

    private void fold() {
        FoldBatch batch;
        synchronized (this) {
            scheduled = false;
            if (underWay) {
                return;
            }
            batch = kept.nextBatch();
            if (batch == null) {
                finished();
                return;
            }
            underWay = true;
        }
        try {
            folder.fold(batch).whenComplete((folded, failure) -> answered(batch.uid(), folded, failure));
        } catch (Throwable e) {
            // an error too: it must not end the folding
            answered(batch.uid(), null, e);
        }
    }

    private void answered(String uid, @Nullable Long folded, @Nullable Throwable failure) {
        synchronized (this) {
            underWay = false;
            report(failure);
            if (folded != null) {
                kept.answered(uid, folded);
            }
            if (finished == null) {
                FoldBatch late = kept.nextBatch();
                if (late != null) {
                    foldAfter(late.windows().size() * lateNanos);
                }
                return;
            }
            if (failure != null) {
                finished();
                return;
            }
        }
        fold();
    }

    private void finished() {
        if (finished != null) {
            finished.complete(null);
        }
    }

    private void report(@Nullable Throwable failure) {
        if (failure != null && !failing) {
            failing = true;
            logger.warn("history: windows are not folded, and kept for a while: {}", Failures.message(failure));
        } else if (failure == null && failing) {
            failing = false;
            logger.info("history: windows are folded again, {} were dropped", dropped);
            dropped = 0;
        }
    }
}
