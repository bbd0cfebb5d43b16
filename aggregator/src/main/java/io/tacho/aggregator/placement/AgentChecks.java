// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.placement;

import io.tacho.agentcheck.AgentCheckListener;
import io.tacho.agentcheck.AgentCheckResponse;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeState;
import io.tacho.model.Field;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Responds to agent-checks of HAProxy for every node by its name. While the state of a node is unknown (the nodes are not
 * loaded, Redis does not respond, or a missing beat awaits confirmation) there is no response, and HAProxy keeps the last one.
 *
 * <p>Thread safety: safe.
 */
final class AgentChecks implements AgentCheckListener.Responder {

    private static final Comparator<KnownNode> LATEST = Comparator.<KnownNode>comparingLong(
                    node -> node.envelope().snapshot().number(Field.STARTED_AT))
            .thenComparing(KnownNode::uid);

    private final ClusterView view;
    private final LongSupplier nanoTime;

    AgentChecks(ClusterView view, LongSupplier nanoTime) {
        this.view = view;
        this.nanoTime = nanoTime;
    }

    @Override
    public @Nullable String respond(String name) {
        if (!view.isEveryPartitionLoadedOnce()) {
            return null;
        }
        KnownNode node = named(name);
        if (node == null) {
            return view.status().isComplete() ? AgentCheckResponse.down("no node of this name") : null;
        }
        return !view.isConnected(node) || node.stateAt(nanoTime.getAsLong()) == NodeState.STALE
                ? null
                : AgentCheckResponse.of(
                        node.isDraining(),
                        node.envelope().snapshot().number(Field.NUM_CLIENTS),
                        node.envelope().status().capacity());
    }

    /** Returns the node of a name: of several the one that sends beats and started last. */
    private @Nullable KnownNode named(String name) {
        List<KnownNode> nodes = view.nodeList().nodes();
        int low = 0;
        int high = nodes.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (nodes.get(middle).name().compareTo(name) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        KnownNode found = null;
        long now = nanoTime.getAsLong();
        for (int i = low; i < nodes.size() && nodes.get(i).name().equals(name); i++) {
            KnownNode node = nodes.get(i);
            boolean isStale = node.stateAt(now) == NodeState.STALE;
            if (found == null
                    || (!isStale && (found.stateAt(now) == NodeState.STALE || LATEST.compare(node, found) > 0))) {
                found = node;
            }
        }
        return found;
    }
}
