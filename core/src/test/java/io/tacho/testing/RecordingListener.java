// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.tacho.model.Envelope;
import io.tacho.model.Envelope.Conflict;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.SnapshotListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Records all calls of a source. */
public final class RecordingListener implements SnapshotListener {

    public final List<Envelope> envelopes = new CopyOnWriteArrayList<>();
    public final List<MalformedSnapshotException> malformed = new CopyOnWriteArrayList<>();
    public final AtomicInteger subscribed = new AtomicInteger();
    public final AtomicInteger disconnected = new AtomicInteger();

    @Override
    public void onSubscribed() {
        subscribed.incrementAndGet();
    }

    @Override
    public void onDisconnected() {
        disconnected.incrementAndGet();
    }

    @Override
    public void onSnapshot(SnapshotEnvelope envelope) {
        envelopes.add(envelope);
    }

    @Override
    public void onLeave(LeaveEnvelope envelope) {
        envelopes.add(envelope);
    }

    @Override
    public void onConflict(Conflict envelope) {
        envelopes.add(envelope);
    }

    @Override
    public void onMalformed(MalformedSnapshotException problem) {
        malformed.add(problem);
    }
}
