// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.NodeState;
import io.tacho.agent.source.Tally;
import io.tacho.model.IntervalMetrics;
import io.tacho.model.NodeInfo;
import io.tacho.model.NodeSnapshot;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A node whose numbers somebody pushes, by {@code PUT /node}. It is there from the first push on, until its process ends or
 * nothing has been pushed for long.
 *
 * <p>Thread safety: safe.
 */
public final class PushSource implements NodeSource {

    private final PushSettings settings;
    private final String uid;
    private final String name;
    private final OtherProcess process;
    private final boolean watched;
    private final ProcessSampler machine = new ProcessSampler();
    private final PushedNode node;
    private @Nullable PushServer server;

    /**
     * A source for one node.
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
        node = new PushedNode(nanoTime);
    }

    @Override
    public String describe() {
        return "node " + name + ", pushed by HTTP,";
    }

    @Override
    public void start(Runnable drain) {
        server = PushServer.open(settings, new PushRequests(settings, node, this::current, drain));
    }

    /** Where it listens. */
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
    public @Nullable NodeState read(RecordedInterval recorded) {
        return current();
    }

    private @Nullable NodeState current() {
        if (node.silentNanos() > settings.goneAfter().toNanos()) {
            node.forget();
            return null;
        }
        if (watched && !process.isThere()) {
            return null;
        }
        Tally tally = new Tally();
        NodeInfo info = new NodeInfo(
                Objects.requireNonNullElse(node.text("uid"), uid),
                Objects.requireNonNullElse(node.text("name"), name),
                take(tally, "num_goroutine", process.threads()),
                take(tally, "num_clients"),
                take(tally, "num_unique_clients"),
                take(tally, "num_channels"),
                take(tally, "started_at", process.startedAtSeconds()),
                take(tally, "gomaxprocs"),
                take(tally, "num_cpu", OptionalDouble.of((double) machine.machineProcessors())));
        IntervalMetrics metrics = new IntervalMetrics(
                take(tally, "num_msg_published"),
                take(tally, "num_msg_queued"),
                take(tally, "num_msg_sent"),
                take(tally, "num_api_requests"),
                take(tally, "num_client_requests"),
                take(tally, "bytes_client_in"),
                take(tally, "bytes_client_out"),
                tally.take("time_api_mean", node.mean("time_api_mean", "time_api_sum", "num_api_requests")),
                tally.take("time_client_mean", node.mean("time_client_mean", "time_client_sum", "num_client_requests")),
                take(tally, "time_api_max"),
                take(tally, "time_client_max"),
                take(tally, "memory_sys", process.residentBytes()),
                take(tally, "cpu_usage", process.cpuUsage()));
        node.markOld(tally, settings.oldAfter().toNanos());
        return new NodeState(
                new NodeSnapshot(info, metrics),
                node.counted(),
                node.text("version"),
                node.labels(),
                tally.quality(),
                null);
    }

    private long take(Tally tally, String field) {
        return take(tally, field, OptionalDouble.empty());
    }

    /** What was pushed goes before what can be seen from outside. */
    private long take(Tally tally, String field, OptionalDouble otherwise) {
        OptionalDouble pushed = node.number(field);
        return tally.take(field, pushed.isPresent() ? pushed : otherwise);
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
