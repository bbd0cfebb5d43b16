// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import io.tacho.aggregator.collect.StoreRequests.Response;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.SubscriptionState;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Keeps the nodes of one partition equal to the store once they are loaded. It loads periodically the entries that the view does not
 * contain, and one when a message is of an unknown node or when a known node sends no beat. While the partition is disconnected its
 * nodes keep their last state.
 *
 * <p>Thread safety: safe. Responses of the store are applied on the worker.
 */
final class PartitionCollector {

    private final int partition;
    private final CollectorContext context;
    private final StoreRequests requests;
    private final ClusterView view;
    private final SubscriptionState state;

    private final PendingNodes pending;
    /** Whether the worker has yet to begin to confirm: more tasks than one would only fill its queue. */
    private final AtomicBoolean confirmQueued = new AtomicBoolean();

    private final AtomicBoolean confirming = new AtomicBoolean();
    private final AtomicBoolean checking = new AtomicBoolean();

    PartitionCollector(int partition, CollectorContext context, StoreRequests requests) {
        this.partition = partition;
        this.context = context;
        this.requests = requests;
        view = context.view();
        state = context.state();
        pending = new PendingNodes(context.partitions().count());
    }

    /** Requests the entry of an unknown node that has sent a beat; after the load, unless that has found the beat. */
    void onUnknown(String uid, long seq) {
        if (!state.isReady(partition)) {
            pending.addLatest(uid, seq);
        } else if (!pending.add(uid, seq)) {
            context.counter().reject("too many unknown nodes at once; the next sweep finds those that are real");
        } else if (!confirmQueued.getAndSet(true)) {
            context.worker().execute(this::confirmPending);
        }
    }

    /** Loads the entries of nodes that the view does not contain. */
    void sweep() {
        if (state.isReady(partition)) {
            requests.send(
                    partition,
                    batches -> context.source().loadUnknown(partition, uid -> isKnown(uid, 0), batches),
                    new Response(
                            entry -> context.count(view.onLoaded(entry), entry),
                            context.metrics()::countLoad,
                            () -> {}));
        }
    }

    private boolean isKnown(String uid, long seq) {
        return view.find(uid).filter(node -> node.seq() >= seq).isPresent();
    }

    /** Loads the pending nodes, one batch at a time. */
    void confirmPending() {
        confirmQueued.set(false);
        if (!state.isReady(partition) || !confirming.compareAndSet(false, true)) {
            return;
        }
        // what is not connected is loaded once it is
        List<String> uids = pending.removeOldest(
                (uid, seq) -> isKnown(uid, seq) || !context.partitions().both(uid, state::isReady));
        if (uids.isEmpty()) {
            confirming.set(false);
            return;
        }
        long requested = context.nanoTime().getAsLong();
        requests.load(
                partition,
                uids,
                new Response(entry -> context.count(view.onLoadedSince(requested, entry), entry), () -> {}, () -> {
                    confirming.set(false);
                    confirmPending();
                }));
    }

    /** Loads silent nodes of the partition before they are evicted. */
    void confirmOrEvict(List<KnownNode> suspects, List<KnownNode> replaced) {
        boolean isEmpty = suspects.isEmpty() && replaced.isEmpty();
        if (isEmpty || !state.isReady(partition) || !checking.compareAndSet(false, true)) {
            return;
        }
        List<String> uids = Stream.of(suspects, replaced)
                .flatMap(List::stream)
                .map(KnownNode::uid)
                .distinct()
                .toList();
        SuspectCheck check = new SuspectCheck(context, suspects, replaced);
        requests.load(partition, uids, new Response(check::confirm, check::evict, () -> checking.set(false)));
    }
}
