// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.store.StoredSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about nodes of which beats are missing, by their entries in the store: a suspect that has none is lost, and one that has
 * takes its state; a node that its restarted successor has replaced is removed, unless it has sent another beat.
 *
 * <p>Thread safety: confined to the worker.
 */
final class SuspectCheck {

    private static final Logger logger = LoggerFactory.getLogger(Collector.class);

    private final CollectorContext context;
    private final ClusterView view;
    private final Map<String, KnownNode> suspects;
    private final Map<String, KnownNode> replaced;

    SuspectCheck(CollectorContext context, List<KnownNode> suspects, List<KnownNode> replaced) {
        this.context = context;
        view = context.view();
        this.suspects = byUid(suspects);
        this.replaced = byUid(replaced);
    }

    private static Map<String, KnownNode> byUid(List<KnownNode> nodes) {
        Map<String, KnownNode> byUid = new HashMap<>();
        nodes.forEach(node -> byUid.put(node.uid(), node));
        return byUid;
    }

    /** Removes the node of an entry from those that are evicted once everything has been read. */
    void confirm(StoredSnapshot entry) {
        String uid = entry.envelope().uid();
        KnownNode suspect = suspects.remove(uid);
        if (suspect != null) {
            view.confirm(suspect, entry);
        }
        KnownNode predecessor = replaced.get(uid);
        if (predecessor != null && entry.envelope().seq() > predecessor.seq()) {
            // it did send a beat, which was missed
            replaced.remove(uid);
            context.count(view.onLoaded(entry), entry);
        }
    }

    /** Evicts the nodes that no entry has confirmed. */
    void evict() {
        for (KnownNode node : suspects.values()) {
            view.evict(node).ifPresent(lost -> logger.info("node {} ({}) lost", lost.name(), lost.uid()));
        }
        for (KnownNode node : replaced.values()) {
            view.removeReplaced(node)
                    .ifPresent(gone -> logger.info(
                            "node {} ({}) was restarted: its predecessor is gone", gone.name(), gone.uid()));
        }
    }
}
