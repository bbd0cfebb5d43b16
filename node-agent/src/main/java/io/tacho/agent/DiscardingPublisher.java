// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.BeatResult;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowUpload;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The publisher of an agent that cannot publish. */
final class DiscardingPublisher implements SnapshotPublisher {

    @Override
    public CompletionStage<BeatResult> publish(SnapshotEnvelope envelope) {
        return CompletableFuture.completedFuture(BeatResult.accepted(0, envelope.seq()));
    }

    @Override
    public CompletionStage<Void> leave(LeaveEnvelope envelope) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<UploadResult> upload(WindowUpload batch) {
        return CompletableFuture.completedFuture(UploadResult.of(batch.lastNumber()));
    }

    @Override
    public void close() {
        // holds nothing
    }
}
