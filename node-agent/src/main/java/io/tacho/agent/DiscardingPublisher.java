// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.WindowUpload;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The publisher of an agent that cannot publish. */
final class DiscardingPublisher implements SnapshotPublisher {

    @Override
    public CompletionStage<Void> publish(SnapshotEnvelope envelope) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> leave(LeaveEnvelope envelope) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Long> upload(WindowUpload batch) {
        return CompletableFuture.completedFuture(batch.lastNumber());
    }

    @Override
    public void close() {
        // holds nothing
    }
}
