// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A mutable holder of a node's newest {@link KnownNode}, so that a beat changes no map. The view's maps contain the same holder for as
 * long as the node is in the view.
 *
 * <p>Thread safety: guarded by the view's lock.
 */
final class NodeHolder {

    /**
     * Where nodes are stored.
     *
     * @param previous the same as the partition, unless the number of partitions is being changed
     */
    record Placement(int partition, int previous) {

        /** {@return whether a node may be in a partition of this kind} */
        boolean isIn(IntPredicate kind) {
            return kind.test(partition) || (previous != partition && kind.test(previous));
        }
    }

    private KnownNode node;

    private final Placement placement;

    /** The node's last change, owned by the change log; null once the node is gone. */
    @Nullable
    NodeChange last;

    /**
     * Creates a holder.
     *
     * @param previousPartition the same as the partition, unless the number of partitions is being changed
     */
    NodeHolder(KnownNode node, int partition, int previousPartition) {
        this.node = node;
        placement = new Placement(partition, previousPartition);
    }

    /** {@return where the node is stored} */
    Placement placement() {
        return placement;
    }

    KnownNode node() {
        return node;
    }

    /** Sets the node's new state. If its name changes, the caller also updates the order. */
    void replace(KnownNode replacement) {
        node = replacement;
    }
}
