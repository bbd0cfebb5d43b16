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
 * The source of the messages of all nodes. Messages arrive at most once while connected; missed ones are found by
 * {@link #loadUnknown} after each {@link SnapshotListener#onSubscribed}. Each partition is connected or disconnected on its own.
 */
public interface SnapshotSource extends AutoCloseable {

    /** {@return the partitions of the nodes} */
    Partitions partitions();

    /** Starts to follow, at once and in the background; connects again by itself for as long as it is not closed. */
    void start(SnapshotListener listener);

    /**
     * Returns the entries of a partition that are registered and alive, but for the nodes that are known: of a large registry
     * little is left to read. Malformed ones are left out and reported to the listener.
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

    /** Returns those of the given nodes' entries that are alive; otherwise like {@link #loadUnknown}. */
    CompletionStage<List<StoredSnapshot>> load(Collection<String> uids);

    /** Stops following, waiting for it a bounded time. Idempotent. */
    @Override
    void close();
}
