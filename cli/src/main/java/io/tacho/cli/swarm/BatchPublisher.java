// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.swarm;

import io.tacho.agent.record.IntervalRecorder;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.WindowUpload;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Carries the messages of all nodes, a bounded number at a time: what there is no room for is left out and counted, for
 * the node's next beat contains everything.
 *
 * <p>Thread safety: safe.
 */
final class BatchPublisher {

    /** At most this many messages wait for their responses at the same time. */
    static final int ROOM = 2_000;

    final LongAdder failed = new LongAdder();
    final LongAdder skipped = new LongAdder();
    final LongAdder uploaded = new LongAdder();
    /** The times from a message to its response. */
    final IntervalRecorder roundTrips = new IntervalRecorder();

    private final List<SnapshotPublisher> publishers;
    private final Duration history;
    private final LongSupplier nanoTime;
    private final Semaphore room = new Semaphore(ROOM);

    BatchPublisher(List<SnapshotPublisher> publishers, Duration history, LongSupplier nanoTime) {
        this.publishers = List.copyOf(publishers);
        this.history = history;
        this.nanoTime = nanoTime;
    }

    boolean hasRoom() {
        return room.availablePermits() > 0;
    }

    int inFlight() {
        return ROOM - room.availablePermits();
    }

    /** Sends the node's next beat, or leaves it out: when there is no room, or its last one is not acknowledged yet. */
    void beat(int place, SimulatedNode node, long nowMillis, long ttlMillis) {
        if (node.underWay || !room.tryAcquire()) {
            skipped.increment();
            return;
        }
        node.underWay = true;
        SnapshotEnvelope beat = node.nextBeat(nowMillis, ttlMillis);
        follow(publisher(place).publish(beat), node);
        if (!history.isZero()) {
            upload(place, node, beat);
        }
    }

    /** Uploads the pending windows; if the pipeline is full, after the next beat. */
    private void upload(int place, SimulatedNode node, SnapshotEnvelope beat) {
        if (!room.tryAcquire()) {
            return;
        }
        WindowUpload batch = node.uploads.next(beat, history);
        if (batch == null) {
            room.release();
            return;
        }
        publisher(place).upload(batch).whenComplete((reply, failure) -> {
            if (failure == null) {
                uploaded.increment();
            } else {
                failed.increment();
            }
            node.uploads.acknowledged(reply == null ? null : reply.highWaterMark());
            room.release();
        });
    }

    /** Publishes that the node leaves; waits for room. Returns false if there is none in time. */
    boolean leave(int place, SimulatedNode node, long waitNanos) throws InterruptedException {
        if (!room.tryAcquire(Math.max(0, waitNanos), TimeUnit.NANOSECONDS)) {
            return false;
        }
        follow(publisher(place).leave(node.leave()), node);
        return true;
    }

    /** Waits until everything is acknowledged; false if that is not so in time. */
    boolean awaitResponses(long waitNanos) throws InterruptedException {
        if (!room.tryAcquire(ROOM, Math.max(0, waitNanos), TimeUnit.NANOSECONDS)) {
            return false;
        }
        room.release(ROOM);
        return true;
    }

    private void follow(CompletionStage<?> message, SimulatedNode node) {
        long sentAt = nanoTime.getAsLong();
        message.whenComplete((done, failure) -> {
            if (failure == null) {
                roundTrips.apiRequest(nanoTime.getAsLong() - sentAt);
            } else {
                failed.increment();
            }
            node.underWay = false;
            room.release();
        });
    }

    /** A node stays with one publisher, so that its messages stay in order. */
    private SnapshotPublisher publisher(int place) {
        return publishers.get(place % publishers.size());
    }
}
