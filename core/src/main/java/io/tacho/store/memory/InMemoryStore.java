// SPDX-License-Identifier: Apache-2.0
package io.tacho.store.memory;

import io.tacho.model.Envelope.Conflict;
import io.tacho.model.Envelope.Writer;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.NodeStatus;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.BeatResult;
import io.tacho.store.HistoryMark;
import io.tacho.store.NodeCommands;
import io.tacho.store.Partitions;
import io.tacho.store.SnapshotBatches;
import io.tacho.store.SnapshotListener;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.store.StoredSnapshot;
import io.tacho.store.TransportException;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowChanges;
import io.tacho.store.WindowHistory;
import io.tacho.store.WindowUpload;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot store and cluster history within one process, for nodes that run next to their aggregator. It keeps the same
 * contract as Redis: entries expire with their TTL and windows with their history, messages are ordered by {@code seq}.
 *
 * <p>Its size is bounded: a new node is rejected when {@code maxNodes} entries are alive, and the oldest window makes room when
 * {@link #MAX_WINDOWS} are stored.
 *
 * <p>Thread safety: safe. One lock guards the data. Listeners are called without the lock, by the thread that publishes, so
 * the messages of one uid arrive in their order.
 */
public final class InMemoryStore {

    /** The default for the number of entries alive at the same time. */
    public static final int MAX_NODES = 100_000;

    /** The largest number of windows stored at the same time. */
    public static final int MAX_WINDOWS = 100_000;

    private record Entry(SnapshotEnvelope envelope, long expiresAtNanos) {}

    private final LongSupplier nanoTime;
    private final int maxNodes;
    private final Object lock = new Object();
    private final Map<String, Entry> entries = new HashMap<>();
    private final MemoryHistory windows;
    private final MemoryCommands commands;
    private final List<SnapshotListener> listeners = new CopyOnWriteArrayList<>();

    /** Creates an empty store on the system's clock. */
    public InMemoryStore() {
        this(System::nanoTime, MAX_NODES);
    }

    /**
     * Creates an empty store.
     *
     * @param nanoTime monotonic clock in nanoseconds, for TTLs
     * @param maxNodes the largest number of entries alive at the same time
     * @throws IllegalArgumentException if {@code maxNodes} is not positive
     */
    public InMemoryStore(LongSupplier nanoTime, int maxNodes) {
        if (maxNodes < 1) {
            throw new IllegalArgumentException("maxNodes: " + maxNodes + " (expected: > 0)");
        }
        this.nanoTime = nanoTime;
        this.maxNodes = maxNodes;
        this.windows = new MemoryHistory(nanoTime, MAX_WINDOWS);
        this.commands = new MemoryCommands(nanoTime);
    }

    /** {@return a publisher to this store; closing it has no effect} */
    public SnapshotPublisher publisher() {
        return new Publisher();
    }

    /** {@return a source of this store's entries and messages} */
    public SnapshotSource source() {
        return new Source();
    }

    /** {@return the cluster history of this store; closing it has no effect} */
    public WindowHistory history() {
        return new History();
    }

    /** {@return the commands of operators to the nodes of this store; closing it has no effect} */
    public NodeCommands commands() {
        return commands;
    }

    /** Removes all entries, windows and commands, without a message to the listeners, as FLUSHALL does. */
    public void clear() {
        synchronized (lock) {
            entries.clear();
            windows.clear();
            commands.clear();
        }
    }

    private <T> CompletionStage<T> locked(Supplier<T> action) {
        synchronized (lock) {
            return CompletableFuture.completedFuture(action.get());
        }
    }

    private Optional<StoredSnapshot> find(String uid) {
        Entry entry = entries.get(uid);
        long remaining = entry == null ? 0 : entry.expiresAtNanos() - nanoTime.getAsLong();
        return entry == null || remaining <= 0
                ? Optional.empty()
                : Optional.of(new StoredSnapshot(entry.envelope(), TimeUnit.NANOSECONDS.toMillis(remaining)));
    }

    /** Returns the conflict with the writer that holds the uid. */
    private Optional<Conflict> conflict(StoredSnapshot stored, SnapshotEnvelope beat) {
        NodeStatus status = stored.envelope().status();
        String writer = beat.status().writer();
        String holder = status.writer();
        boolean isSilent = silentMillis(beat.uid()) > SnapshotPublisher.HELD_INTERVALS * status.publishIntervalMillis();
        return writer == null || holder == null || writer.equals(holder) || isSilent
                ? Optional.empty()
                : Optional.of(new Conflict(
                        beat.uid(),
                        stored.envelope().seq(),
                        new Writer(holder, status.host()),
                        new Writer(writer, beat.status().host())));
    }

    private long silentMillis(String uid) {
        return find(uid)
                .map(stored -> stored.envelope().ttlMillis() - stored.remainingMillis())
                .orElse(0L);
    }

    private static @Nullable String writerOf(StoredSnapshot stored) {
        return stored.envelope().status().writer();
    }

    /** Returns whether both are known and they differ. */
    static boolean isOther(@Nullable String writer, @Nullable String holder) {
        return writer != null && holder != null && !writer.equals(holder);
    }

    private boolean hasRoomFor(String uid) {
        if (entries.size() >= maxNodes && !entries.containsKey(uid)) {
            long now = nanoTime.getAsLong();
            entries.values().removeIf(entry -> entry.expiresAtNanos() - now <= 0);
            return entries.size() < maxNodes;
        }
        return true;
    }

    private final class Publisher implements SnapshotPublisher {

        @Override
        public CompletionStage<BeatResult> publish(SnapshotEnvelope envelope) {
            String uid = envelope.uid();
            Optional<Conflict> conflict;
            synchronized (lock) {
                Optional<StoredSnapshot> stored = find(uid);
                conflict = stored.flatMap(entry -> conflict(entry, envelope));
                long seq = stored.map(entry -> entry.envelope().seq()).orElse(0L);
                if (conflict.isEmpty()) {
                    if (seq >= envelope.seq()) {
                        return CompletableFuture.completedFuture(BeatResult.outdated(0, seq));
                    }
                    if (!hasRoomFor(uid)) {
                        return CompletableFuture.failedFuture(
                                new TransportException("nodes: " + maxNodes + " are stored (expected: fewer)", null));
                    }
                    long ttlNanos = TimeUnit.MILLISECONDS.toNanos(envelope.ttlMillis());
                    entries.put(uid, new Entry(envelope, nanoTime.getAsLong() + ttlNanos));
                }
            }
            if (conflict.isPresent()) {
                listeners.forEach(listener -> listener.onConflict(conflict.get()));
                return CompletableFuture.completedFuture(BeatResult.conflict(
                        0, conflict.get().seq(), conflict.get().holder(), silentMillis(uid)));
            }
            listeners.forEach(listener -> listener.onSnapshot(envelope));
            return CompletableFuture.completedFuture(BeatResult.accepted(
                    0, envelope.seq(), commands.onBeat(uid, envelope.status().command())));
        }

        @Override
        public CompletionStage<Void> leave(LeaveEnvelope envelope) {
            String uid = envelope.uid();
            synchronized (lock) {
                if (find(uid)
                        .filter(stored -> stored.envelope().seq() > envelope.seq()
                                || isOther(envelope.writer(), writerOf(stored)))
                        .isPresent()) {
                    return CompletableFuture.completedFuture(null);
                }
                entries.remove(uid);
            }
            listeners.forEach(listener -> listener.onLeave(envelope));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<UploadResult> upload(WindowUpload batch) {
            return locked(() -> windows.add(
                    batch, find(batch.uid()).map(InMemoryStore::writerOf).orElse(null)));
        }

        @Override
        public void close() {}
    }

    private final class History implements WindowHistory {

        @Override
        public CompletionStage<WindowChanges> changedSince(HistoryMark mark, int limit, long maxBytes) {
            return locked(() -> windows.changedSince(mark, limit).last(maxBytes));
        }

        @Override
        public void close() {}
    }

    private final class Source implements SnapshotSource {

        private volatile @Nullable SnapshotListener listener;

        @Override
        public Partitions partitions() {
            return Partitions.ONE;
        }

        @Override
        public void start(SnapshotListener listener) {
            this.listener = listener;
            listeners.add(listener);
            listener.onSubscribed(0);
        }

        @Override
        public CompletionStage<Void> loadUnknown(int partition, Predicate<String> known, SnapshotBatches batches) {
            return locked(() -> find(entries.keySet().stream()
                            .filter(known.negate())
                            .sorted()
                            .toList()))
                    .thenCompose(batches::accept);
        }

        @Override
        public CompletionStage<Void> load(Collection<String> uids, SnapshotBatches batches) {
            return locked(() -> find(uids)).thenCompose(batches::accept);
        }

        private List<StoredSnapshot> find(Collection<String> uids) {
            return uids.stream()
                    .map(InMemoryStore.this::find)
                    .flatMap(Optional::stream)
                    .toList();
        }

        @Override
        public void close() {
            SnapshotListener started = listener;
            if (started != null) {
                listeners.remove(started);
            }
        }
    }
}
