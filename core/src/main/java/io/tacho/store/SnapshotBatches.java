// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Receives the entries of a load, a batch at a time, so that a load of any size needs the memory of a few batches only. */
@FunctionalInterface
public interface SnapshotBatches {

    /**
     * Accepts a batch. No further one is read in its place until the returned stage is complete; if that fails, the load fails.
     */
    CompletionStage<Void> accept(List<StoredSnapshot> batch);
}
