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

/**
 * The source of the messages of all nodes. Messages arrive at most once while connected; missed ones are found by
 * {@link #loadAll()} after each {@link SnapshotListener#onSubscribed()}.
 */
public interface SnapshotSource extends AutoCloseable {

    /** Starts to follow, at once and in the background; connects again by itself for as long as it is not closed. */
    void start(SnapshotListener listener);

    /**
     * All entries that are registered and alive. Malformed ones are left out and reported to the listener.
     *
     * @return completed exceptionally with {@link TransportException} if reading them fails now
     */
    default CompletionStage<List<StoredSnapshot>> loadAll() {
        return loadUnknown(uid -> false);
    }

    /** Like {@link #loadAll()}, but for the nodes that are known: of a large registry little is left to read. */
    default CompletionStage<List<StoredSnapshot>> loadUnknown(Predicate<String> known) {
        return collect(batches -> loadUnknown(known, batches));
    }

    /** Those of the given nodes' entries that are alive; otherwise like {@link #loadAll()}. */
    default CompletionStage<List<StoredSnapshot>> load(Collection<String> uids) {
        return collect(batches -> load(uids, batches));
    }

    /**
     * Loads what {@link #loadUnknown(Predicate)} returns, in batches.
     *
     * @return completed when all batches have been accepted
     */
    CompletionStage<Void> loadUnknown(Predicate<String> known, SnapshotBatches batches);

    /** Loads what {@link #load(Collection)} returns, in batches. */
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

    /** Stops following, waiting for it a bounded time. Idempotent. */
    @Override
    void close();
}
