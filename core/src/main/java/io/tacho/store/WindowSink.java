// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import java.util.concurrent.CompletionStage;

/** Adds the completed windows of nodes to the windows of the cluster, each exactly once. */
public interface WindowSink {

    /**
     * Adds the windows to those of the cluster, atomically, if the upload's high-water mark is the stored one; otherwise changes
     * nothing. So an upload whose response was lost can be repeated. It never blocks, and reports failures in the result.
     *
     * @return the high-water mark after the call: the number of the last window of this uid that was rolled up, 0 for none;
     *     completed exceptionally with {@link TransportException} if the outcome is unknown
     */
    CompletionStage<Long> upload(WindowUpload batch);
}
