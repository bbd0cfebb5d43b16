// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import java.util.concurrent.CompletionStage;

/** Adds the completed windows of nodes to the windows of the cluster, each exactly once. */
public interface WindowSink {

    /**
     * Adds the windows to those of the cluster, atomically, if the upload's high-water mark is the stored one; otherwise changes
     * nothing. So an upload whose response was lost can be repeated. Nothing is added if another writer holds the uid. It never
     * blocks, and reports failures in the result.
     *
     * @return the high-water mark after the call; completed exceptionally with {@link TransportException} if the outcome is
     *     unknown
     */
    CompletionStage<UploadResult> upload(WindowUpload batch);
}
