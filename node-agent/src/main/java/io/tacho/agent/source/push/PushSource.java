// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.NodeState;
import io.tacho.agent.source.ObservedProcess;
import io.tacho.agent.source.SnapshotBuilder;
import io.tacho.model.Field;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeTotals.ProcessTotals;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A node whose numbers are pushed by {@code PUT /node}. It exists from the first push on, until its process ends or nothing
 * has been pushed for a configured time.
 *
 * <p>Thread safety: safe.
 */
public final class PushSource implements NodeSource {

    static final int MAX_CONNECTIONS = 128;

    private final PushSettings settings;
    private final String uid;
    private final String name;
    private final OtherProcess process;
    private final boolean watched;
    private final ObservedProcess observed;
    private final PushedNode node;
    private @Nullable PushServer server;

    /**
     * Creates a source for one node.
     *
     * @param uid the node's where none is pushed
     * @param name the node's where none is pushed; null for host and port
     * @param process the node's own
     * @param watched whether there is a process to watch
     */
    public PushSource(PushSettings settings, String uid, @Nullable String name, OtherProcess process, boolean watched) {
        this(settings, uid, name, process, watched, System::nanoTime);
    }

    PushSource(
            PushSettings settings,
            String uid,
            @Nullable String name,
            OtherProcess process,
            boolean watched,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.uid = uid;
        this.name =
                name == null ? ProcessSampler.host() + "_" + settings.listen().getPort() : name;
        this.process = process;
        this.watched = watched;
        observed = new ObservedProcess(process);
        node = new PushedNode(nanoTime);
    }

    @Override
    public String describe() {
        return "node " + name + " (pushed by HTTP)";
    }

    @Override
    public void start(Runnable drain) {
        server = PushServer.open(
                settings,
                "/node",
                PushServer.MAX_BODY,
                MAX_CONNECTIONS,
                new PushRequests(settings, node, this::current, drain));
    }

    /** Returns the address on which it listens. */
    InetSocketAddress address() {
        return Objects.requireNonNull(server, "not started").address();
    }

    @Override
    public CompletionStage<Void> refresh() {
        return watched ? CompletableFuture.runAsync(process::refresh) : CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean endWindow() {
        node.endWindow();
        process.endWindow();
        return true;
    }

    @Override
    public @Nullable ProcessTotals totalsAtWindowEnd() {
        NodeTotals totals = node.totalsAtWindowEnd();
        OptionalDouble pushed = node.number(Field.STARTED_AT);
        OptionalDouble started = pushed.isPresent() ? pushed : observed.of(Field.STARTED_AT);
        return totals == null || started.isEmpty()
                ? null
                : new ProcessTotals(Long.toString(Math.round(started.getAsDouble())), totals);
    }

    @Override
    public RecordedInterval counted(RecordedInterval recorded) {
        return node.counted();
    }

    @Override
    public @Nullable NodeState read(RecordedInterval recorded) {
        return current();
    }

    private @Nullable NodeState current() {
        if (node.expire(settings.goneAfter().toNanos()) || hasEnded()) {
            return null;
        }
        SnapshotBuilder snapshot = new SnapshotBuilder(
                Objects.requireNonNullElse(node.text("uid"), uid), Objects.requireNonNullElse(node.text("name"), name));
        for (Field field : Field.NUMBERS) {
            OptionalDouble pushed = node.number(field);
            snapshot.set(field, pushed.isPresent() ? pushed : observed.of(field));
        }
        node.flagStale(snapshot, settings.staleAfter().toNanos());
        return new NodeState(
                snapshot.snapshot(),
                node.counted(),
                node.text("version"),
                node.labels(),
                snapshot.quality(),
                null,
                null,
                null,
                node.extras());
    }

    @Override
    public boolean isLost() {
        return hasEnded();
    }

    /** Returns whether the process has ended. One that cannot be observed has not. */
    private boolean hasEnded() {
        return watched && process.isObservable() && !process.isThere();
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
