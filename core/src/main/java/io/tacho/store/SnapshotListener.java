// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.Envelope.Conflict;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.SnapshotEnvelope;

/** Receives the messages of a {@link SnapshotSource}. Called on the transport's threads: implementations return quickly and never block. */
public interface SnapshotListener {

    /** From here on messages arrive; earlier changes have to be loaded now. Called again after each reconnect. */
    void onSubscribed();

    /** From here on nothing arrives: the view is what it was. */
    void onDisconnected();

    void onSnapshot(SnapshotEnvelope envelope);

    void onLeave(LeaveEnvelope envelope);

    /** A second agent publishes a uid; its beats are rejected. */
    default void onConflict(Conflict envelope) {}

    /** A message or an entry was rejected, or a part of it left out that is optional. */
    void onMalformed(MalformedSnapshotException problem);
}
