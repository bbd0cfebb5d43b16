// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import io.tacho.concurrent.GuardedExecutor;
import io.tacho.store.BeatResult;
import io.tacho.store.BeatResult.Outcome;
import io.tacho.store.NodeCommand;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reacts to the store's responses to beats. While another writer holds the uid nothing of this agent counts, and it tries to
 * take over; after that the counts begin anew. A {@code seq} that is too low, because a clock was set back, is raised. A
 * command is applied and acknowledged by a beat at once.
 *
 * <p>Thread safety: safe; the state belongs to the thread of the tasks.
 */
final class BeatResponses {

    /** How soon a rejected beat is repeated, so that a restarted agent takes over soon after its predecessor has left. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final SnapshotAssembler assembler;
    private final WindowUploader uploader;
    private final GuardedExecutor tasks;
    private final Runnable beat;
    private final LongSupplier nanoTime;

    private volatile boolean rejected;
    private volatile boolean accepted;
    private boolean retrying;

    BeatResponses(
            SnapshotAssembler assembler,
            WindowUploader uploader,
            GuardedExecutor tasks,
            Runnable beat,
            LongSupplier nanoTime) {
        this.assembler = assembler;
        this.uploader = uploader;
        this.tasks = tasks;
        this.beat = beat;
        this.nanoTime = nanoTime;
    }

    /** {@return whether the last beat that was completed has been accepted} */
    boolean isAccepted() {
        return accepted;
    }

    /** Receives the response to a beat of a uid, on any thread; null if it failed. */
    void onResponse(String uid, @Nullable BeatResult result) {
        accepted = result != null && result.outcome() == Outcome.ACCEPTED;
        if (result == null) {
            return;
        }
        assembler.clock().observe(result.storeMillis());
        NodeCommand command = result.command();
        if (command != null && !command.id().equals(assembler.drainState().acknowledged(uid))) {
            tasks.execute(() -> apply(uid, command));
        }
        if (rejected || result.outcome() != Outcome.ACCEPTED) {
            rejected = true;
            long respondedNanos = nanoTime.getAsLong();
            tasks.execute(() -> apply(uid, result, respondedNanos));
        }
    }

    private void apply(String uid, NodeCommand command) {
        if (assembler.drainState().apply(uid, command)) {
            beat.run();
        }
    }

    private void apply(String uid, BeatResult result, long respondedNanos) {
        switch (result.outcome()) {
            case ACCEPTED -> {
                rejected = false;
                if (assembler.isCountedElsewhere()) {
                    // what it counted so far, the other writer has counted too
                    assembler.closeWindow();
                }
            }
            case OUTDATED -> {
                if (assembler.raiseSeq(result.seq())) {
                    beat.run();
                }
            }
            case CONFLICT -> {
                assembler.countedElsewhereUntil(respondedNanos - TimeUnit.MILLISECONDS.toNanos(result.silentMillis()));
                if (assembler.isCountedElsewhere()) {
                    uploader.drop(uid);
                }
                retry();
            }
        }
    }

    private void retry() {
        if (!retrying) {
            retrying = true;
            tasks.schedule(
                    () -> {
                        retrying = false;
                        beat.run();
                    },
                    RETRY);
        }
    }
}
