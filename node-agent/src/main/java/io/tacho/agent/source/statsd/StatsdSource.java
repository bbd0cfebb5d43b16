// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.NodeState;
import io.tacho.agent.source.ObservedProcess;
import io.tacho.agent.source.SnapshotBuilder;
import io.tacho.model.Field;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A program that reports its numbers by StatsD. The node exists from the first line on, until its process ends or nothing has
 * been received for a configured time.
 *
 * <p>Thread safety: safe.
 */
public final class StatsdSource implements NodeSource {

    private final StatsdSettings settings;
    private final String uid;
    private final String name;
    private final IntervalRecorder recorder;
    private final OtherProcess process;
    private final boolean watched;
    private final LongSupplier nanoTime;
    private final ObservedProcess observed;
    private final StatsdNumbers numbers;
    private final StatsdIntake intake;
    private @Nullable StatsdListener listener;

    /**
     * Creates a source for one program.
     *
     * @param name the node's; null for host and port, or the socket's file name
     * @param recorder where counts and times go: the agent's
     * @param process the program's own
     * @param watched whether there is a process to watch
     */
    public StatsdSource(
            StatsdSettings settings,
            String uid,
            @Nullable String name,
            IntervalRecorder recorder,
            OtherProcess process,
            boolean watched) {
        this(settings, uid, name, recorder, process, watched, System::nanoTime);
    }

    StatsdSource(
            StatsdSettings settings,
            String uid,
            @Nullable String name,
            IntervalRecorder recorder,
            OtherProcess process,
            boolean watched,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.uid = uid;
        this.name = name == null ? ProcessSampler.host() + "_" + where(settings) : name;
        this.recorder = recorder;
        this.process = process;
        this.watched = watched;
        observed = new ObservedProcess(process);
        this.nanoTime = nanoTime;
        numbers = new StatsdNumbers(recorder);
        intake = new StatsdIntake(StatsdNames.withMapping(settings.mapping()), numbers, nanoTime);
    }

    private static String where(StatsdSettings settings) {
        return settings.listen() == null
                ? String.valueOf(Objects.requireNonNull(settings.socket()).getFileName())
                : Integer.toString(settings.listen().getPort());
    }

    @Override
    public String describe() {
        return "node " + name + " (" + uid + ", from StatsD)";
    }

    @Override
    public void start(Runnable drain) {
        listener = StatsdListener.open(settings, intake);
    }

    StatsdIntake intake() {
        return intake;
    }

    /** Returns the UDP address that is listened on; null without. */
    @Nullable
    InetSocketAddress address() {
        return listener == null ? null : listener.address();
    }

    @Override
    public CompletionStage<Void> refresh() {
        intake.report();
        return watched ? CompletableFuture.runAsync(process::refresh) : CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean endWindow() {
        numbers.endWindow();
        process.endWindow();
        return true;
    }

    @Override
    public RecordedInterval counted(RecordedInterval recorded) {
        return numbers.complete(recorded);
    }

    @Override
    public @Nullable NodeState read(RecordedInterval recorded) {
        long silent = intake.silentNanos(nanoTime.getAsLong());
        boolean present =
                isWatched() ? process.isThere() : silent <= settings.goneAfter().toNanos();
        if (!present) {
            return null;
        }
        SnapshotBuilder snapshot = new SnapshotBuilder(uid, name);
        RecordedInterval counted = counted(recorded);
        snapshot.set(counted);
        for (Field field : Field.NUMBERS) {
            if (!field.isOfWindow()) {
                OptionalDouble received = numbers.gauge(field);
                snapshot.set(field, received.isPresent() ? received : observed.of(field));
            }
        }
        numbers.flag(snapshot);
        if (silent > settings.staleAfter().toNanos()) {
            snapshot.flagStale();
        }
        return new NodeState(
                snapshot.snapshot(),
                counted,
                null,
                Map.of(),
                snapshot.quality(),
                numbers.complete(recorder.totals()),
                null,
                null,
                numbers.extras().current());
    }

    @Override
    public boolean isLost() {
        return isWatched() && !process.isThere();
    }

    /** Returns whether the process decides if there is a node. One that cannot be observed has not ended. */
    private boolean isWatched() {
        return watched && process.isObservable();
    }

    @Override
    public void close() {
        if (listener != null) {
            listener.close();
        }
    }
}
