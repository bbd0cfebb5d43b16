// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import java.util.concurrent.CompletionStage;

/** Where a node's completed windows go: into the memory of the cluster, each of them once. */
public interface WindowFolder {

    /**
     * Adds the windows to those of the cluster, atomically, if the last one of this uid that is folded is the one that the
     * batch believes it to be; otherwise changes nothing. So a batch can be folded again when no answer came, and nothing is
     * doubled. It never blocks, and never throws for what happens on the way.
     *
     * @return the number of the last window of this uid that is folded: the batch's last one, or another where the node's belief
     *     was wrong, 0 for none; completed exceptionally with {@link TransportException} if it is not known what has become
     *     of the batch
     */
    CompletionStage<Long> fold(FoldBatch batch);
}
