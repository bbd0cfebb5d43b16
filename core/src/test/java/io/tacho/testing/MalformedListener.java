// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.SnapshotListener;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Records rejected messages and entries, and ignores all others. */
public final class MalformedListener implements SnapshotListener {

    public final Queue<MalformedSnapshotException> malformed = new ConcurrentLinkedQueue<>();

    @Override
    public void onSubscribed(int partition) {}

    @Override
    public void onDisconnected(int partition) {}

    @Override
    public void onSnapshot(SnapshotEnvelope envelope) {}

    @Override
    public void onLeave(LeaveEnvelope envelope) {}

    @Override
    public void onMalformed(MalformedSnapshotException problem) {
        malformed.add(problem);
    }
}
