// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.DistinctWindow;
import io.tacho.store.FoldBatch;
import io.tacho.store.HistoryMark;
import io.tacho.store.SnapshotListener;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.store.StoredSnapshot;
import io.tacho.store.TransportException;
import io.tacho.store.WindowChanges;
import io.tacho.store.WindowHistory;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * A transport without a network: the same promises as Redis keeps, on a clock that the test moves, and with faults that the
 * test chooses.
 */
public final class InMemoryTransport {

    private record Entry(SnapshotEnvelope envelope, long expiresAtNanos) {}

    private final LongSupplier nanoTime;
    private final Map<String, Entry> entries = new TreeMap<>();
    private final InMemoryHistory windows = new InMemoryHistory();
    private final List<SnapshotListener> followers = new CopyOnWriteArrayList<>();
    private final List<SnapshotListener> started = new CopyOnWriteArrayList<>();

    private volatile boolean connected = true;
    private volatile boolean deaf;
    private volatile boolean frozen;

    public InMemoryTransport(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    public SnapshotPublisher publisher() {
        return new Publisher();
    }

    public SnapshotSource source() {
        return new Source();
    }

    public WindowHistory history() {
        return new History();
    }

    /** From now on nobody reaches the store. */
    public void disconnect() {
        connected = false;
        List<SnapshotListener> gone = List.copyOf(followers);
        followers.clear();
        gone.forEach(SnapshotListener::onDisconnected);
    }

    public void reconnect() {
        connected = true;
        followers.addAll(started);
        started.forEach(SnapshotListener::onSubscribed);
    }

    /** Loses messages on their way to followers, as pub/sub may; the store is not touched. */
    public void loseMessages(boolean lose) {
        deaf = lose;
    }

    /** Stays connected, but neither answers nor tells anything, as a Redis that hangs. */
    public void freeze(boolean freeze) {
        frozen = freeze;
    }

    /** Forgets all entries, as FLUSHALL does. */
    public void flush() {
        synchronized (entries) {
            entries.clear();
            windows.flush();
        }
    }

    private Optional<StoredSnapshot> find(String uid) {
        Entry entry = entries.get(uid);
        long remaining = entry == null ? 0 : entry.expiresAtNanos() - nanoTime.getAsLong();
        if (entry == null || remaining <= 0) {
            return Optional.empty();
        }
        return Optional.of(new StoredSnapshot(entry.envelope(), TimeUnit.NANOSECONDS.toMillis(remaining)));
    }

    private <T> CompletionStage<T> whenConnected(java.util.function.Supplier<T> action) {
        if (!connected || frozen) {
            return CompletableFuture.failedFuture(new TransportException(frozen ? "frozen" : "disconnected", null));
        }
        synchronized (entries) {
            return CompletableFuture.completedFuture(action.get());
        }
    }

    private final class Publisher implements SnapshotPublisher {

        @Override
        public CompletionStage<Void> publish(SnapshotEnvelope envelope) {
            return whenConnected(() -> {
                        boolean newer = find(envelope.uid())
                                .map(stored -> stored.envelope().seq() < envelope.seq())
                                .orElse(true);
                        if (newer) {
                            long ttl = TimeUnit.MILLISECONDS.toNanos(envelope.ttlMillis());
                            entries.put(envelope.uid(), new Entry(envelope, nanoTime.getAsLong() + ttl));
                        }
                        return newer;
                    })
                    .thenAccept(newer -> {
                        if (newer && !deaf) {
                            followers.forEach(follower -> follower.onSnapshot(envelope));
                        }
                    });
        }

        @Override
        public CompletionStage<Void> leave(LeaveEnvelope envelope) {
            return whenConnected(() -> {
                        boolean newest = find(envelope.uid())
                                .map(stored -> stored.envelope().seq() <= envelope.seq())
                                .orElse(true);
                        if (newest) {
                            entries.remove(envelope.uid());
                        }
                        return newest;
                    })
                    .thenAccept(newest -> {
                        if (newest && !deaf) {
                            followers.forEach(follower -> follower.onLeave(envelope));
                        }
                    });
        }

        @Override
        public CompletionStage<Long> fold(FoldBatch batch) {
            return whenConnected(() -> windows.fold(batch));
        }

        @Override
        public void close() {}
    }

    private final class History implements WindowHistory {

        @Override
        public CompletionStage<WindowChanges> changedSince(HistoryMark mark, int limit) {
            return whenConnected(() -> windows.changedSince(mark, limit));
        }

        @Override
        public CompletionStage<Void> add(DistinctWindow distinct) {
            return whenConnected(() -> {
                windows.add(distinct);
                return null;
            });
        }

        @Override
        public void close() {}
    }

    private final class Source implements SnapshotSource {

        private SnapshotListener listener;

        @Override
        public void start(SnapshotListener listener) {
            this.listener = listener;
            started.add(listener);
            if (connected) {
                followers.add(listener);
                listener.onSubscribed();
            }
        }

        @Override
        public CompletionStage<List<StoredSnapshot>> loadUnknown(Predicate<String> known) {
            return whenConnected(() -> entries.keySet().stream()
                    .filter(known.negate())
                    .map(InMemoryTransport.this::find)
                    .flatMap(Optional::stream)
                    .toList());
        }

        @Override
        public CompletionStage<List<StoredSnapshot>> load(Collection<String> uids) {
            return whenConnected(() -> uids.stream()
                    .map(InMemoryTransport.this::find)
                    .flatMap(Optional::stream)
                    .toList());
        }

        @Override
        public void close() {
            started.remove(listener);
            followers.remove(listener);
        }
    }
}
