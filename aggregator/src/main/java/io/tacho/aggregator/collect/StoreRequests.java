// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import io.tacho.aggregator.view.SubscriptionState;
import io.tacho.concurrent.Failures;
import io.tacho.store.Partitions;
import io.tacho.store.SnapshotBatches;
import io.tacho.store.StoredSnapshot;
import io.tacho.store.TransportException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Sends requests to the store and applies their responses, as long as the subscription of every partition that the response depends on
 * is still the one of the time of the request. While the number of partitions is being changed, this includes the previous partition
 * of a node: if it was disconnected meanwhile, a node may be there that the response does not contain. A request fails the partition
 * that did not respond.
 *
 * <p>Thread safety: safe. Responses are applied on the worker.
 */
final class StoreRequests {

    private final CollectorContext context;
    private final List<PartitionLoader> loaders;

    /** @param loaders the loader of each partition */
    StoreRequests(CollectorContext context, List<PartitionLoader> loaders) {
        this.context = context;
        this.loaders = List.copyOf(loaders);
    }

    /**
     * The actions on a response.
     *
     * @param entry applied to each entry
     * @param completed run after the last entry
     * @param afterwards run in either case
     */
    record Response(Consumer<StoredSnapshot> entry, Runnable completed, Runnable afterwards) {}

    /** Requests the entries of nodes of one partition, from there and from their previous partitions. */
    void load(int partition, Collection<String> uids, Response response) {
        Partitions partitions = context.partitions();
        Map<Integer, Long> subscriptions = new HashMap<>();
        for (String uid : uids) {
            subscriptions.computeIfAbsent(partitions.previousOf(uid), context.state()::subscriptionId);
        }
        send(partition, subscriptions, batches -> context.source().load(uids, batches), response);
    }

    /** Sends a request about one partition. */
    void send(int partition, Function<SnapshotBatches, CompletionStage<Void>> request, Response response) {
        send(partition, new HashMap<>(), request, response);
    }

    private void send(
            int partition,
            Map<Integer, Long> subscriptions,
            Function<SnapshotBatches, CompletionStage<Void>> request,
            Response response) {
        subscriptions.computeIfAbsent(partition, context.state()::subscriptionId);
        long requested = context.nanoTime().getAsLong();
        request.apply(PartitionLoader.onWorker(context, () -> areCurrent(subscriptions), response.entry()))
                .whenComplete((done, failure) -> context.worker().execute(() -> {
                    try {
                        if (failure != null) {
                            context.metrics().countFailedLoad();
                            int failed = failedPartition(failure, partition, subscriptions);
                            subscriptions.forEach((each, subscription) -> {
                                if (each == failed) {
                                    loaders.get(each).onRequestFailed(subscription, requested, failure);
                                }
                            });
                        } else if (areCurrent(subscriptions)) {
                            context.metrics()
                                    .countStoreResponse(context.nanoTime().getAsLong() - requested);
                            response.completed().run();
                        }
                    } finally {
                        response.afterwards().run();
                    }
                }));
    }

    private boolean areCurrent(Map<Integer, Long> subscriptions) {
        SubscriptionState state = context.state();
        return subscriptions.entrySet().stream().allMatch(each -> state.isCurrent(each.getKey(), each.getValue()));
    }

    private static int failedPartition(Throwable failure, int otherwise, Map<Integer, Long> subscriptions) {
        return Failures.unwrap(failure) instanceof TransportException of && subscriptions.containsKey(of.partition())
                ? of.partition()
                : otherwise;
    }
}
