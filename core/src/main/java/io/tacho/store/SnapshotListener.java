// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.SnapshotEnvelope;

/** Receives the messages of a {@link SnapshotSource}. Called on the transport's threads: implementations return quickly and never block. */
public interface SnapshotListener {

    /**
     * From here on messages of the partition's nodes arrive; earlier changes have to be loaded now. Called again after each
     * reconnect. Calls for one partition are sequential.
     */
    void onSubscribed(int partition);

    /** From here on nothing of the partition arrives: its nodes are as they were. Follows {@link #onSubscribed}. */
    void onDisconnected(int partition);

    void onSnapshot(SnapshotEnvelope envelope);

    void onLeave(LeaveEnvelope envelope);

    /** A message or an entry was rejected, or a part of it left out that is optional. */
    void onMalformed(MalformedSnapshotException problem);
}
