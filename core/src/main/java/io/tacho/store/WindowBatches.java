// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.ClusterWindow;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Receives windows of the cluster, a batch at a time, by ascending start. */
@FunctionalInterface
public interface WindowBatches {

    /** Accepts a batch. The next one is read once the returned stage is complete; if that fails, reading fails. */
    CompletionStage<Void> accept(List<ClusterWindow> batch);
}
