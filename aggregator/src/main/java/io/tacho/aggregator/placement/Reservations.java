// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.placement;

import static java.util.stream.Collectors.toSet;

import io.tacho.aggregator.view.KnownNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The clients that were sent to each node since its last beat and are not in its numbers yet. They expire with the next beat.
 *
 * <p>Thread safety: guarded by its owner.
 */
final class Reservations {

    /** The entries of as many former nodes may stay. */
    private static final int SLACK = 1_000;

    private record Reserved(long seq, long clients) {}

    private final Map<String, Reserved> byUid = new HashMap<>();

    /** {@return the clients that are reserved since the last beat of the node} */
    long of(KnownNode node) {
        Reserved reserved = byUid.get(node.uid());
        return reserved == null || reserved.seq() != node.seq() ? 0 : reserved.clients();
    }

    void add(KnownNode node) {
        byUid.put(node.uid(), new Reserved(node.seq(), of(node) + 1));
    }

    /** Removes those of former nodes, if there are many. */
    void limit(List<KnownNode> nodes) {
        if (byUid.size() > nodes.size() + SLACK) {
            byUid.keySet().retainAll(nodes.stream().map(KnownNode::uid).collect(toSet()));
        }
    }
}
