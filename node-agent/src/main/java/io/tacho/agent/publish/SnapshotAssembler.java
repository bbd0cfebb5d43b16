// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.NodeState;
import io.tacho.concurrent.RateLimitedLog;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeStatus;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.store.ClusterClock;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the messages of a node: current gauges at every beat, together with the metrics of the last completed window.
 *
 * <p>Thread safety: one caller at a time.
 */
public final class SnapshotAssembler {

    private static final Logger logger = LoggerFactory.getLogger(SnapshotAssembler.class);

    /** A smaller difference between the clocks is drift. */
    private static final long MIN_STEP_MILLIS = 1_000;

    private final PublishSettings settings;
    private final IntervalRecorder recorder;
    private final NodeSource source;
    private final ClusterClock clock;
    private final LongSupplier nanoTime;
    private final RateLimitedLog log;
    private final String host;
    /** Identifies this agent among those that publish the same uid. */
    private final String writer = HexFormat.of().toHexDigits(new SecureRandom().nextLong());

    private final MessageSequence seq;
    private long windowStartMillis;
    private long windowStartNanos;
    private RecordedInterval interval = RecordedInterval.EMPTY;
    private @Nullable MetricsWindow window;
    private volatile @Nullable String reported;
    private @Nullable NodeState lastRead;
    private long lastReadNanos;
    /** The node as it was last read in the open window; null if there was none. */
    private @Nullable NodeState inWindow;

    private volatile @Nullable SnapshotEnvelope lastBeat;
    private final SeenIds seen = new SeenIds();
    private boolean readFailed;
    private boolean absent;
    private boolean hasOtherWriter;
    private long otherWriterNanos;
    private boolean windowLate;
    private final DrainState drain = new DrainState();

    public SnapshotAssembler(
            PublishSettings settings,
            IntervalRecorder recorder,
            NodeSource source,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.recorder = recorder;
        this.source = source;
        this.clock = new ClusterClock(clock, nanoTime);
        this.nanoTime = nanoTime;
        log = new RateLimitedLog(nanoTime);
        host = ProcessSampler.host();
        beginWindow(this.clock.millis(), nanoTime.getAsLong());
        // grows over restarts of this program too, for uids that outlive one
        seq = new MessageSequence(windowStartMillis);
    }

    /**
     * Ends the current window and begins the next: from now on snapshots carry its metrics.
     *
     * @return the window, until the last read of a node that is gone; null where it goes on, had no node, or is not counted
     */
    public @Nullable ClosedWindow closeWindow() {
        boolean replaced = source.isReplaced();
        windowLate = !source.endWindow();
        if (windowLate) {
            return null;
        }
        interval = recorder.takeInterval();
        RecordedInterval counted = source.counted(interval);
        long end = Math.max(0, clock.millis());
        long endNanos = nanoTime.getAsLong();
        long elapsedMillis = TimeUnit.NANOSECONDS.toMillis(endNanos - windowStartNanos);
        if (Math.abs(end - windowStartMillis - elapsedMillis) > Math.max(MIN_STEP_MILLIS, elapsedMillis / 20)) {
            // the clock was set: the window is as long as it was, and no two windows are the same
            windowStartMillis = Math.max(0, end - elapsedMillis);
        }
        MetricsWindow closed = new MetricsWindow(windowStartMillis, end);
        boolean countedElsewhere = isCountedElsewhere();
        NodeState before = inWindow;
        long readMillis = TimeUnit.NANOSECONDS.toMillis(lastReadNanos - windowStartNanos);
        window = closed;
        beginWindow(end, endNanos);
        NodeState state = read();
        if (before != null && (state == null || replaced)) {
            state = before.with(counted);
            closed = new MetricsWindow(closed.startMillis(), Math.min(end, closed.startMillis() + readMillis));
        }
        // also of a window that is not counted: its ids are not those of the next one
        WindowDetail detail = state == null ? WindowDetail.NONE : seen.endWindow(recorder, state.detail());
        if (state == null || readFailed || countedElsewhere) {
            return null;
        }
        long seconds = settings.metricsInterval().toSeconds();
        return new ClosedWindow(
                state.snapshot().uid(),
                state.counted().window(seconds, closed, WindowGauges.of(state.snapshot()), detail),
                source.totalsAtWindowEnd());
    }

    /** Announces that the window that ends next is the last one. */
    void finish() {
        source.finish();
    }

    /** {@return the clock by which windows are dated} */
    ClusterClock clock() {
        return clock;
    }

    /** {@return the id of this agent process} */
    String writer() {
        return writer;
    }

    /** Notes that another writer held the node's uid, and counted for it, until then. */
    void countedElsewhereUntil(long nanos) {
        hasOtherWriter = true;
        otherWriterNanos = nanos;
    }

    /** Returns whether the open window began while another writer was counting for the node. */
    boolean isCountedElsewhere() {
        return hasOtherWriter && windowStartNanos - otherWriterNanos <= 0;
    }

    /** Continues after a {@code seq} that is registered; returns whether it is above the last one of this agent. */
    boolean raiseSeq(long registered) {
        return seq.raise(registered);
    }

    private void beginWindow(long startMillis, long startNanos) {
        windowStartMillis = startMillis;
        windowStartNanos = startNanos;
        inWindow = null;
    }

    /** Updates the values of the source; completed when a beat or the end of a window may follow. */
    public CompletionStage<Void> refresh() {
        return source.refresh();
    }

    /** Returns whether a window should have ended and could not, or its node was replaced: then it ends before the next beat. */
    boolean isWindowLate() {
        return windowLate || source.isReplaced();
    }

    /** Marks the node as draining from now on. */
    public void drain() {
        drain.announce();
    }

    /** Sets what receives whether the node is draining, when a command has changed that. */
    public void onDrain(Consumer<Boolean> listener) {
        drain.notifies(listener);
    }

    /** {@return whether the node is draining, and why} */
    DrainState drainState() {
        return drain;
    }

    /** {@return whether the node that was reported last is draining} */
    public boolean isDraining() {
        return drain.isDraining(reported);
    }

    /** Returns the next beat; null while there is no node to report. */
    public @Nullable SnapshotEnvelope nextBeat() {
        boolean continued = inWindow != null;
        NodeState state = read();
        if (state == null) {
            if (!absent) {
                logger.info(
                        "{}: no node; nothing is published until its process runs or values arrive", source.describe());
            }
            absent = true;
            lastBeat = null;
            window = null;
            interval = RecordedInterval.EMPTY;
            return null;
        }
        String uid = state.snapshot().uid();
        if ((absent && !continued) || (reported != null && !uid.equals(reported))) {
            beginNode();
        }
        absent = false;
        reported = uid;
        SnapshotEnvelope beat = SnapshotEnvelope.builder(state.snapshot())
                .seq(seq.next())
                .ttlMillis(settings.ttl().toMillis())
                .metricsIntervalSeconds(settings.metricsInterval().toSeconds())
                .window(window)
                .status(status(state)
                        .withWriter(writer)
                        .withAddress(settings.address())
                        .withCapacity(settings.capacity())
                        .withCommand(drain.acknowledged(uid)))
                .totals(state.totals())
                .detail(seen.beat(state.detail(), window))
                .build();
        lastBeat = beat;
        return beat;
    }

    /** {@return the last beat; null before the first one and while there is no node to report} */
    public @Nullable SnapshotEnvelope lastBeat() {
        return lastBeat;
    }

    /** Returns whether the node that the source no longer returns was lost, rather than about to leave. */
    boolean isLost() {
        return !isDraining() && source.isLost();
    }

    private NodeStatus status(NodeState state) {
        long beat = settings.publishInterval().toMillis();
        boolean draining = drain.isDraining(state.snapshot().uid());
        String machine = host.equals("localhost") ? null : host;
        try {
            return new NodeStatus(machine, beat, draining, state.version(), state.labels(), state.quality());
        } catch (IllegalArgumentException e) {
            if (log.isDue("status")) {
                logger.warn("version and labels of the node are not published: {}", e.getMessage());
            }
            return new NodeStatus(null, beat, draining, null, Map.of(), state.quality());
        }
    }

    /** Reads the source. One that throws does not end the heartbeat: its last state is published, flagged as stale. */
    private @Nullable NodeState read() {
        try {
            lastRead = source.read(interval);
            seen.add(lastRead);
            readFailed = false;
            if (lastRead != null) {
                inWindow = lastRead;
                lastReadNanos = nanoTime.getAsLong();
            }
            return lastRead;
        } catch (Throwable e) {
            readFailed = true;
            if (log.isDue("source")) {
                logger.error("the source failed; going on with the last values", e);
            }
            return lastRead == null ? null : lastRead.stale();
        }
    }

    /** Another node, or one that was away for the whole open window: what was before is not its doing. */
    private void beginNode() {
        window = null;
        windowLate = false;
        seen.clear();
        beginWindow(clock.millis(), lastReadNanos);
        inWindow = lastRead;
    }

    /** Returns the leave message of a node that was reported. */
    public LeaveEnvelope leave(String uid) {
        return new LeaveEnvelope(uid, seq.next(), writer);
    }
}
