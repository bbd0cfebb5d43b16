// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.tacho.model.Envelope;
import io.tacho.model.Envelope.Conflict;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.SnapshotListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Records all calls of a source. */
public final class RecordingListener implements SnapshotListener {

    public final List<Envelope> envelopes = new CopyOnWriteArrayList<>();
    public final List<MalformedSnapshotException> malformed = new CopyOnWriteArrayList<>();
    /** The partitions that are subscribed. */
    public final Set<Integer> partitions = ConcurrentHashMap.newKeySet();
    /** Number of times that all partitions became subscribed. */
    public final AtomicInteger subscribed = new AtomicInteger();
    /** Number of times that the first of the partitions was disconnected. */
    public final AtomicInteger disconnected = new AtomicInteger();

    private final int count;

    public RecordingListener() {
        this(1);
    }

    /** @param count the number of partitions of the source */
    public RecordingListener(int count) {
        this.count = count;
    }

    @Override
    public void onSubscribed(int partition) {
        if (partitions.add(partition) && partitions.size() == count) {
            subscribed.incrementAndGet();
        }
    }

    @Override
    public void onDisconnected(int partition) {
        if (partitions.size() == count) {
            disconnected.incrementAndGet();
        }
        partitions.remove(partition);
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
