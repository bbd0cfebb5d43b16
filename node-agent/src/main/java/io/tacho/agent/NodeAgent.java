// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

import io.tacho.agent.publish.PublishLoop;
import io.tacho.agent.publish.PublishSettings;
import io.tacho.agent.publish.SnapshotAssembler;
import io.tacho.agent.record.HostGauges;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.StatsRecorder;
import io.tacho.agent.source.NodeSource;
import io.tacho.agentcheck.AgentCheckListener;
import io.tacho.agentcheck.AgentCheckResponse;
import io.tacho.concurrent.DaemonThreads;
import io.tacho.model.Field;
import io.tacho.model.NodeTotals;
import io.tacho.model.SnapshotEnvelope;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent of one node, embedded in the node's own JVM: publishes what the {@link #recorder()} has recorded and the values of the
 * gauges, until it is closed or the JVM shuts down.
 *
 * <pre>{@code
 * NodeAgent agent = NodeAgent.builder()
 *         .redis("redis://127.0.0.1:6379")
 *         .name("chat_8000")
 *         .numClients(hub::connections)
 *         .start();
 * agent.recorder().messagePublished();
 * }</pre>
 *
 * <p>It never throws into its host and never blocks it: it may start before Redis does, and outlives every outage.
 *
 * <p>Thread safety: safe.
 */
public final class NodeAgent implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(NodeAgent.class);

    private final PublishSettings settings;
    private final IntervalRecorder recorder;
    private final HostGauges gauges;
    private final NodeSource source;
    private final Destination destination;
    private final SnapshotAssembler assembler;
    private final PublishLoop loop;
    private final DrainListener drainListener;
    private final boolean closeOnShutdown;
    private final Thread shutdownHook = new Thread(this::closeOnce, "tacho-shutdown");
    private @Nullable AgentCheckListener agentChecks;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Executor commands = new ThreadPoolExecutor(
            0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), DaemonThreads.named("tacho-drain"));

    NodeAgent(
            PublishSettings settings,
            IntervalRecorder recorder,
            HostGauges gauges,
            NodeSource source,
            Destination destination,
            boolean closeOnShutdown,
            DrainListener drainListener) {
        this.settings = settings;
        this.recorder = recorder;
        this.gauges = gauges;
        this.source = source;
        this.destination = destination;
        this.closeOnShutdown = closeOnShutdown;
        SnapshotAssembler assembler =
                new SnapshotAssembler(settings, recorder, source, InstantSource.system(), System::nanoTime);
        this.assembler = assembler;
        this.drainListener = drainListener;
        assembler.onDrain(draining -> commands.execute(() -> onDrain(draining)));
        loop = new PublishLoop(assembler, destination.publisher(), settings);
    }

    /**
     * Creates an agent that reports the values of a source, usually another process; it is not started.
     *
     * @param recorder the recorder to which the source writes, unless the source has totals itself
     */
    public static NodeAgent of(
            PublishSettings settings, IntervalRecorder recorder, NodeSource source, Destination destination) {
        return new NodeAgent(settings, recorder, HostGauges.NONE, source, destination, true, draining -> {});
    }

    /** Returns a builder of an agent for this JVM. */
    public static NodeAgentBuilder builder() {
        return new NodeAgentBuilder();
    }

    /**
     * Starts to publish.
     *
     * @throws IllegalArgumentException naming the setting of the source that is invalid
     */
    public void start() {
        if (!destination.publishes()) {
            return;
        }
        source.start(this::drain);
        if (closeOnShutdown) {
            Runtime.getRuntime().addShutdownHook(shutdownHook);
        }
        loop.start();
        logger.info(
                "{} publishes to {} every {} ms",
                source.describe(),
                destination.name(),
                settings.publishInterval().toMillis());
    }

    /**
     * Responds to agent-checks of HAProxy for this node, until the agent is closed: {@code up} with the free capacity in percent,
     * {@code drain}, or {@code down} while there is no node. Call it at most once, after {@link #start}.
     *
     * @throws IllegalArgumentException if it cannot listen there
     */
    public synchronized AgentCheckListener listenForAgentChecks(InetSocketAddress address) {
        AgentCheckListener listener = AgentCheckListener.open(address, false, line -> agentCheck());
        agentChecks = listener;
        return listener;
    }

    private String agentCheck() {
        SnapshotEnvelope beat = assembler.lastBeat();
        return beat == null
                ? AgentCheckResponse.down("no node")
                : AgentCheckResponse.of(
                        isDraining(),
                        beat.snapshot().number(Field.NUM_CLIENTS),
                        beat.status().capacity());
    }

    private synchronized void closeAgentChecks() {
        if (agentChecks != null) {
            agentChecks.close();
        }
    }

    /** Returns the recorder to which the host reports its events. */
    public StatsRecorder recorder() {
        return recorder;
    }

    /** Returns the totals of everything that was recorded since the start. */
    public NodeTotals totals() {
        return recorder.totals();
    }

    /** Returns the gauges of the host that the agent reads. */
    public HostGauges gauges() {
        return gauges;
    }

    /** {@return whether the node is visible: the last beat has reached Redis} */
    public boolean isPublished() {
        return destination.publishes() && loop.isPublished();
    }

    /** Returns the node's unique id, new for every agent. */
    public String uid() {
        return settings.uid();
    }

    /**
     * Publishes immediately, and with every later beat, that the node is draining: it accepts no new work and will leave. Beats
     * continue until the agent is closed.
     */
    public void drain() {
        if (!closed.get() && destination.publishes()) {
            loop.drain();
            logger.info("{} is draining", source.describe());
        }
    }

    /** {@return whether the node is draining, by {@link #drain()} or by a command of an operator} */
    public boolean isDraining() {
        return assembler.isDraining();
    }

    private void onDrain(boolean draining) {
        logger.info("{} {} by a command", source.describe(), draining ? "is draining" : "no longer drains");
        try {
            drainListener.onDrain(draining);
        } catch (Throwable e) {
            logger.error("the drain listener of the host failed", e);
        }
    }

    /**
     * Publishes the last window and announces the departure, so that aggregators remove the node immediately. Waits at most a few
     * seconds; idempotent. Called automatically when the JVM shuts down, e.g. by SIGTERM, unless the host disables that.
     */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // the JVM is ending already
        }
        closeOnce();
    }

    private void closeOnce() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (!destination.publishes()) {
            return;
        }
        loop.close();
        closeAgentChecks();
        destination.close();
        try {
            source.close();
        } catch (Exception e) {
            logger.warn("{} not closed", source.describe(), e);
        }
        logger.info("{} has left", source.describe());
    }
}
