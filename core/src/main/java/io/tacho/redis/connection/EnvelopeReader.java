// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Envelope;
import io.tacho.model.Envelope.Conflict;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.SnapshotListener;

/** Decodes a channel's messages and passes them to the listener. */
public record EnvelopeReader(SnapshotCodec codec, SnapshotListener listener) {

    void read(byte[] message) {
        Envelope envelope;
        try {
            envelope = codec.decode(message, listener::onMalformed);
        } catch (MalformedSnapshotException e) {
            listener.onMalformed(e);
            return;
        }
        if (envelope instanceof SnapshotEnvelope snapshot) {
            listener.onSnapshot(snapshot);
        } else if (envelope instanceof LeaveEnvelope leave) {
            listener.onLeave(leave);
        } else if (envelope instanceof Conflict conflict) {
            listener.onConflict(conflict);
        }
    }
}
