// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The source of the messages and stored entries of all nodes. Each message arrives at most once; what was missed is found by
 * {@link #loadUnknown} after each {@link SnapshotListener#onSubscribed}. Each partition is connected or disconnected on its own.
 */
public interface SnapshotSource extends AutoCloseable {

    /** {@return the partitions of the nodes} */
    Partitions partitions();

    /** Starts to pass messages to a listener, in the background; reconnects until it is closed. */
    void start(SnapshotListener listener);

    /**
     * Returns the entries of the registered nodes of a partition that are not known and have not expired, so that of a large
     * registry little has to be read. Malformed ones are omitted and reported to the listener.
     *
     * @return completed exceptionally with {@link TransportException} if reading them fails now
     */
    default CompletionStage<List<StoredSnapshot>> loadUnknown(int partition, Predicate<String> known) {
        return collect(batches -> loadUnknown(partition, known, batches));
    }

    /**
     * Loads what {@link #loadUnknown(int, Predicate)} returns, in batches.
     *
     * @return completed when all batches have been accepted
     */
    CompletionStage<Void> loadUnknown(int partition, Predicate<String> known, SnapshotBatches batches);

    /** Returns the entries of all partitions; otherwise like {@link #loadUnknown(int, Predicate)}. */
    default CompletionStage<List<StoredSnapshot>> loadAll() {
        return IntStream.range(0, partitions().count())
                .mapToObj(partition -> loadUnknown(partition, uid -> false))
                .reduce(
                        CompletableFuture.completedFuture(List.of()),
                        (some, more) -> some.thenCombine(
                                more,
                                (one, other) -> Stream.of(one, other)
                                        .flatMap(List::stream)
                                        .toList()));
    }

    /** Returns the entries of the given nodes that have not expired. */
    default CompletionStage<List<StoredSnapshot>> load(Collection<String> uids) {
        return collect(batches -> load(uids, batches));
    }

    /**
     * Loads what {@link #load(Collection)} returns, in batches.
     *
     * @return completed exceptionally with a {@link TransportException} that names the partition of which reading failed
     */
    CompletionStage<Void> load(Collection<String> uids, SnapshotBatches batches);

    private static CompletionStage<List<StoredSnapshot>> collect(
            Function<SnapshotBatches, CompletionStage<Void>> load) {
        List<StoredSnapshot> all = Collections.synchronizedList(new ArrayList<>());
        return load.apply(batch -> {
                    all.addAll(batch);
                    return CompletableFuture.completedFuture(null);
                })
                .thenApply(done -> List.copyOf(all));
    }

    /** Stops the messages and closes the connections, waiting a bounded time. Idempotent. */
    @Override
    void close();
}
