// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.placement;

import static java.util.stream.Collectors.groupingBy;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeState;
import io.tacho.model.Field;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The surplus of each node: its connections above its fair share. The fair share of a live node is the part of all connections
 * that its capacity has in the capacity of all live nodes, or an equal part if one of them reports no capacity; that of a
 * draining node is 0. Nodes are compared with those of the same label {@code kind}.
 *
 * <p>A surplus begins above {@value #BEGIN} and ends at {@value #END} times the fair share, so that no connections move to and
 * fro. It is computed when it is read, at most once a second. While a part of the cluster does not respond it stays.
 *
 * <p>Thread safety: safe.
 */
final class SurplusService {

    static final double BEGIN = 1.1;
    static final double END = 1.02;

    /** A smaller surplus does not begin. */
    static final long MIN_SURPLUS = 5;

    private static final String KIND = "kind";
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ClusterView view;
    private final LongSupplier nanoTime;
    private Map<String, Long> byUid = Map.of();
    private long computedNanos;

    SurplusService(ClusterView view, LongSupplier nanoTime) {
        this.view = view;
        this.nanoTime = nanoTime;
        computedNanos = nanoTime.getAsLong() - PERIOD_NANOS;
    }

    /** {@return the surplus of a node; 0 for none} */
    synchronized long of(String uid) {
        long now = nanoTime.getAsLong();
        if (now - computedNanos >= PERIOD_NANOS && view.status().isComplete()) {
            computedNanos = now;
            byUid = compute(now);
        }
        return byUid.getOrDefault(uid, 0L);
    }

    private Map<String, Long> compute(long now) {
        Map<String, Long> surplus = new HashMap<>();
        view.nodeList().nodes().stream()
                .filter(node -> node.stateAt(now) != NodeState.STALE)
                .collect(groupingBy(node -> node.envelope().status().labels().getOrDefault(KIND, "")))
                .values()
                .forEach(peers -> compute(peers, surplus));
        return surplus;
    }

    private void compute(List<KnownNode> peers, Map<String, Long> surplus) {
        List<KnownNode> live = peers.stream().filter(node -> !node.isDraining()).toList();
        boolean hasCapacities = live.stream().allMatch(node -> capacity(node) > 0);
        double capacities = hasCapacities
                ? live.stream().mapToDouble(SurplusService::capacity).sum()
                : live.size();
        long clients = peers.stream().mapToLong(SurplusService::clients).sum();
        for (KnownNode node : peers) {
            double part = node.isDraining() ? 0 : (hasCapacities ? capacity(node) : 1) / capacities;
            long fair = (long) Math.ceil(clients * part);
            long above = clients(node) - fair;
            boolean had = byUid.containsKey(node.uid());
            if (node.isDraining()
                    ? above > 0
                    : had ? clients(node) > END * fair : clients(node) > BEGIN * fair && above >= MIN_SURPLUS) {
                surplus.put(node.uid(), above);
            }
        }
    }

    private static long clients(KnownNode node) {
        return node.envelope().snapshot().number(Field.NUM_CLIENTS);
    }

    private static long capacity(KnownNode node) {
        return node.envelope().status().capacity();
    }
}
