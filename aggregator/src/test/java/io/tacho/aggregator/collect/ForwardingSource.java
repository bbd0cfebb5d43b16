// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import io.tacho.store.Partitions;
import io.tacho.store.SnapshotBatches;
import io.tacho.store.SnapshotListener;
import io.tacho.store.SnapshotSource;
import java.util.Collection;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** A source that delegates to another one; a test overrides the request that it interrupts. */
class ForwardingSource implements SnapshotSource {

    private final SnapshotSource source;

    ForwardingSource(SnapshotSource source) {
        this.source = source;
    }

    @Override
    public Partitions partitions() {
        return source.partitions();
    }

    @Override
    public void start(SnapshotListener listener) {
        source.start(listener);
    }

    @Override
    public CompletionStage<Void> loadUnknown(int partition, Predicate<String> known, SnapshotBatches batches) {
        return source.loadUnknown(partition, known, batches);
    }

    @Override
    public CompletionStage<Void> load(Collection<String> uids, SnapshotBatches batches) {
        return source.load(uids, batches);
    }

    @Override
    public void close() {
        source.close();
    }
}
