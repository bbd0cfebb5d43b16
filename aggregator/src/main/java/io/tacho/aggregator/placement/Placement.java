// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.placement;

import io.tacho.agentcheck.AgentCheckListener;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.store.NodeCommands;
import java.net.InetSocketAddress;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides which nodes serve clients, over one view.
 *
 * <p>Thread safety: safe.
 */
public final class Placement implements AutoCloseable {

    private final NodeCommands commands;
    private final DrainService drain;
    private final AgentChecks checks;
    private final PickResponse pick;
    private final SurplusService surplus;
    private @Nullable AgentCheckListener listener;

    /**
     * Creates the placement over a view.
     *
     * @param commands where commands to nodes are stored; closed with this
     */
    public Placement(
            ClusterView view, NodeCommands commands, ScheduledExecutorService executor, LongSupplier nanoTime) {
        this.commands = commands;
        drain = new DrainService(view, commands, executor, nanoTime);
        checks = new AgentChecks(view, nanoTime);
        pick = new PickResponse(
                new Picker(view, nanoTime, bound -> ThreadLocalRandom.current().nextInt(bound)));
        surplus = new SurplusService(view, nanoTime);
    }

    /** {@return the commands to nodes} */
    public DrainService drain() {
        return drain;
    }

    /** {@return the nodes for new clients} */
    public PickResponse pick() {
        return pick;
    }

    /** Returns the connections of a node above its fair share; 0 for none. */
    public long surplus(String uid) {
        return surplus.of(uid);
    }

    /**
     * Responds to agent-checks for the node whose name they send, until this is closed. Call it at most once.
     *
     * @throws IllegalArgumentException if it cannot listen there
     */
    public synchronized AgentCheckListener listenForAgentChecks(InetSocketAddress address) {
        AgentCheckListener opened = AgentCheckListener.open(address, true, checks);
        listener = opened;
        return opened;
    }

    @Override
    public synchronized void close() {
        if (listener != null) {
            listener.close();
        }
        commands.close();
    }
}
