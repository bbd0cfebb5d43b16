// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.placement;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeState;
import io.tacho.model.Field;
import io.tacho.model.NodeStatus;
import io.tacho.model.SnapshotEnvelope;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Picks nodes for a new client by the power of two choices: of two random nodes the one with the lower share of its capacity in
 * use. The client is reserved at the first node until that node's next beat, so that many picks between two beats spread
 * although no beat shows them.
 *
 * <p>Thread safety: safe.
 */
final class Picker {

    /** A picked node, and the clients that were reserved there before. */
    record Pick(KnownNode node, long reserved) {}

    /** The reasons for not picking a node. */
    private enum Ineligible {
        DRAINING("draining"),
        STALE("stale"),
        DISCONNECTED("in a partition that does not respond"),
        NO_ADDRESS("without address"),
        NO_CAPACITY("without capacity"),
        FULL("full");

        private final String text;

        Ineligible(String text) {
            this.text = text;
        }
    }

    private final ClusterView view;
    private final LongSupplier nanoTime;
    private final IntUnaryOperator random;
    private final Reservations reservations = new Reservations();

    /** @param random returns a number from 0 to below its argument */
    Picker(ClusterView view, LongSupplier nanoTime, IntUnaryOperator random) {
        this.view = view;
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /**
     * Picks nodes, each once, the first of which is meant for the client and the others for retries.
     *
     * @param count the number of nodes; fewer are returned if fewer are eligible
     * @throws NoEligibleNodeException if there is none
     */
    synchronized List<Pick> pick(int count, Predicate<SnapshotEnvelope> filter) throws NoEligibleNodeException {
        List<KnownNode> nodes = view.nodeList().nodes();
        reservations.limit(nodes);
        List<KnownNode> eligible = eligible(nodes, filter);
        List<Pick> picks = new ArrayList<>(count);
        while (picks.size() < count && !eligible.isEmpty()) {
            int index = choose(eligible);
            KnownNode chosen = eligible.get(index);
            picks.add(new Pick(chosen, reservations.of(chosen)));
            eligible.set(index, eligible.get(eligible.size() - 1));
            eligible.remove(eligible.size() - 1);
        }
        reservations.add(picks.get(0).node());
        return picks;
    }

    private List<KnownNode> eligible(List<KnownNode> nodes, Predicate<SnapshotEnvelope> filter)
            throws NoEligibleNodeException {
        long now = nanoTime.getAsLong();
        boolean isComplete = view.status().isComplete();
        List<KnownNode> eligible = new ArrayList<>(nodes.size());
        Map<Ineligible, Integer> others = new EnumMap<>(Ineligible.class);
        for (KnownNode node : nodes) {
            if (filter.test(node.envelope())) {
                Ineligible reason = reason(node, now, isComplete);
                if (reason == null) {
                    eligible.add(node);
                } else {
                    others.merge(reason, 1, Integer::sum);
                }
            }
        }
        if (eligible.isEmpty()) {
            String reasons = others.entrySet().stream()
                    .map(each -> each.getValue() + " " + each.getKey().text)
                    .collect(Collectors.joining(", "));
            throw new NoEligibleNodeException("no eligible node: " + (reasons.isEmpty() ? "none matches" : reasons)
                    + " (expected: a live one with address and free capacity)");
        }
        return eligible;
    }

    private @Nullable Ineligible reason(KnownNode node, long now, boolean isComplete) {
        NodeState state = node.stateAt(now);
        NodeStatus status = node.envelope().status();
        if (state != NodeState.LIVE) {
            return state == NodeState.STALE ? Ineligible.STALE : Ineligible.DRAINING;
        }
        if (!isComplete && !view.isConnected(node)) {
            return Ineligible.DISCONNECTED;
        }
        if (status.address() == null) {
            return Ineligible.NO_ADDRESS;
        }
        if (status.capacity() == 0) {
            return Ineligible.NO_CAPACITY;
        }
        return used(node) >= status.capacity() ? Ineligible.FULL : null;
    }

    /** {@return the index of the less used of two random nodes} */
    private int choose(List<KnownNode> nodes) {
        int one = random.applyAsInt(nodes.size());
        if (nodes.size() == 1) {
            return one;
        }
        int other = random.applyAsInt(nodes.size() - 1);
        if (other >= one) {
            other++;
        }
        return share(nodes.get(other)) < share(nodes.get(one)) ? other : one;
    }

    private double share(KnownNode node) {
        return (double) used(node) / node.envelope().status().capacity();
    }

    private long used(KnownNode node) {
        return node.envelope().snapshot().number(Field.NUM_CLIENTS) + reservations.of(node);
    }
}
