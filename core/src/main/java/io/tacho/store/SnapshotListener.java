// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.Envelope.Conflict;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.SnapshotEnvelope;

/** Receives the messages of a {@link SnapshotSource}. Called on the transport's threads: implementations return quickly and never block. */
public interface SnapshotListener {

    /**
     * Called when messages of a partition's nodes begin to arrive, also after each reconnect; earlier changes have to be loaded
     * now. Calls for one partition are sequential.
     */
    void onSubscribed(int partition);

    /** Called when the connection of a partition is lost: none of its messages arrives until the next {@link #onSubscribed}. */
    void onDisconnected(int partition);

    /** Called for each beat of a node. */
    void onSnapshot(SnapshotEnvelope envelope);

    /** Called when a node announces its departure. */
    void onLeave(LeaveEnvelope envelope);

    /** Called when a beat of a second agent of a uid was rejected. */
    default void onConflict(Conflict conflict) {}

    /** Called when a message or an entry was rejected, or an optional part of it was ignored. */
    void onMalformed(MalformedSnapshotException problem);
}
