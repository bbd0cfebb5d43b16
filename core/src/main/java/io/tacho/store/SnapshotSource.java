// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
    CompletionStage<List<StoredSnapshot>> loadUnknown(int partition, Predicate<String> known);

    /** Returns the entries of all partitions; otherwise like {@link #loadUnknown}. */
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
    CompletionStage<List<StoredSnapshot>> load(Collection<String> uids);

    /** Stops the messages and closes the connections, waiting a bounded time. Idempotent. */
    @Override
    void close();
}
