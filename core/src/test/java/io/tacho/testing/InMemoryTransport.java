// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.tacho.model.Envelope.Conflict;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.BeatResult;
import io.tacho.store.HistoryMark;
import io.tacho.store.NodeCommand;
import io.tacho.store.NodeCommands;
import io.tacho.store.Partitions;
import io.tacho.store.SnapshotBatches;
import io.tacho.store.SnapshotListener;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.store.TransportException;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowChanges;
import io.tacho.store.WindowHistory;
import io.tacho.store.WindowUpload;
import io.tacho.store.memory.InMemoryStore;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** An {@link InMemoryStore} on the clock of the test, with injectable connection faults. */
public final class InMemoryTransport {

    private final InMemoryStore store;
    private final Partitions partitions;
    private final List<SnapshotListener> started = new CopyOnWriteArrayList<>();

    private final Set<Integer> disconnected = ConcurrentHashMap.newKeySet();
    private final Set<Integer> frozen = ConcurrentHashMap.newKeySet();
    private volatile boolean losesMessages;

    public InMemoryTransport(LongSupplier nanoTime) {
        this(nanoTime, Partitions.ONE);
    }

    public InMemoryTransport(LongSupplier nanoTime, Partitions partitions) {
        store = new InMemoryStore(nanoTime, InMemoryStore.MAX_NODES);
        this.partitions = partitions;
    }

    public SnapshotPublisher publisher() {
        return new Publisher(store.publisher());
    }

    public SnapshotSource source() {
        return new Source(store.source());
    }

    public WindowHistory history() {
        return new History(store.history());
    }

    public NodeCommands commands() {
        NodeCommands commands = store.commands();
        return new NodeCommands() {
            @Override
            public CompletionStage<Void> send(String uid, NodeCommand command, Duration ttl) {
                return whenConnected(uid, () -> commands.send(uid, command, ttl));
            }

            @Override
            public void close() {
                commands.close();
            }
        };
    }

    /** Makes every call fail, and reports the disconnection to the listeners. */
    public void disconnect() {
        all().forEach(this::disconnect);
    }

    /** Makes every call for the partition fail, and reports its disconnection to the listeners. */
    public void disconnect(int partition) {
        disconnected.add(partition);
        started.forEach(listener -> listener.onDisconnected(partition));
    }

    /** Reverts {@link #disconnect()}. */
    public void reconnect() {
        all().forEach(this::reconnect);
    }

    /** Reverts {@link #disconnect(int)}. */
    public void reconnect(int partition) {
        disconnected.remove(partition);
        started.forEach(listener -> listener.onSubscribed(partition));
    }

    private IntStream all() {
        return IntStream.range(0, partitions.count());
    }

    /** Drops messages to listeners, as pub/sub may; the store is not affected. */
    public void loseMessages(boolean lose) {
        losesMessages = lose;
    }

    /** Makes every call fail while the connection stays open, like a frozen Redis. */
    public void freeze(boolean freeze) {
        all().forEach(partition -> freeze(partition, freeze));
    }

    /** Makes every call for the partition fail while it stays connected. */
    public void freeze(int partition, boolean freeze) {
        if (freeze) {
            frozen.add(partition);
        } else {
            frozen.remove(partition);
        }
    }

    /** Removes all entries, as FLUSHALL does. */
    public void flush() {
        store.clear();
    }

    private <T> CompletionStage<T> whenConnected(String uid, Supplier<CompletionStage<T>> call) {
        return whenConnected(partitions.of(uid), call);
    }

    private <T> CompletionStage<T> whenConnected(int partition, Supplier<CompletionStage<T>> call) {
        if (frozen.contains(partition)) {
            return CompletableFuture.failedFuture(new TransportException("frozen", null).ofPartition(partition));
        }
        return disconnected.contains(partition)
                ? CompletableFuture.failedFuture(new TransportException("disconnected", null).ofPartition(partition))
                : call.get();
    }

    private boolean delivers(String uid) {
        return !losesMessages && !disconnected.contains(partitions.of(uid));
    }

    private final class Publisher implements SnapshotPublisher {

        private final SnapshotPublisher publisher;

        Publisher(SnapshotPublisher publisher) {
            this.publisher = publisher;
        }

        @Override
        public CompletionStage<BeatResult> publish(SnapshotEnvelope envelope) {
            return whenConnected(envelope.uid(), () -> publisher.publish(envelope));
        }

        @Override
        public CompletionStage<Void> leave(LeaveEnvelope envelope) {
            return whenConnected(envelope.uid(), () -> publisher.leave(envelope));
        }

        @Override
        public CompletionStage<UploadResult> upload(WindowUpload batch) {
            return whenConnected(batch.uid(), () -> publisher.upload(batch));
        }

        @Override
        public void close() {
            publisher.close();
        }
    }

    private final class History implements WindowHistory {

        private final WindowHistory history;

        History(WindowHistory history) {
            this.history = history;
        }

        @Override
        public CompletionStage<WindowChanges> changedSince(HistoryMark mark, int limit, long maxBytes) {
            return whenConnected(0, () -> history.changedSince(mark, limit, maxBytes));
        }

        @Override
        public void close() {
            history.close();
        }
    }

    private final class Source implements SnapshotSource {

        private final SnapshotSource source;
        private SnapshotListener listener;

        Source(SnapshotSource source) {
            this.source = source;
        }

        @Override
        public void start(SnapshotListener listener) {
            this.listener = listener;
            started.add(listener);
            source.start(new Lossy(listener));
        }

        @Override
        public Partitions partitions() {
            return partitions;
        }

        @Override
        public CompletionStage<Void> loadUnknown(int partition, Predicate<String> known, SnapshotBatches batches) {
            Predicate<String> isInOtherPartition = uid -> partitions.of(uid) != partition;
            return whenConnected(partition, () -> source.loadUnknown(0, isInOtherPartition.or(known), batches));
        }

        @Override
        public CompletionStage<Void> load(Collection<String> uids, SnapshotBatches batches) {
            Supplier<CompletionStage<Void>> load = () -> source.load(uids, batches);
            Set<Integer> queried = new TreeSet<>();
            uids.forEach(uid -> {
                queried.add(partitions.previousOf(uid));
                queried.add(partitions.of(uid));
            });
            for (int partition : queried) {
                Supplier<CompletionStage<Void>> next = load;
                load = () -> whenConnected(partition, next);
            }
            return load.get();
        }

        @Override
        public void close() {
            started.remove(listener);
            source.close();
        }
    }

    private final class Lossy implements SnapshotListener {

        private final SnapshotListener listener;

        Lossy(SnapshotListener listener) {
            this.listener = listener;
        }

        @Override
        public void onSubscribed(int only) {
            all().filter(partition -> !disconnected.contains(partition)).forEach(listener::onSubscribed);
        }

        @Override
        public void onDisconnected(int only) {
            throw new AssertionError("the store is never disconnected");
        }

        @Override
        public void onSnapshot(SnapshotEnvelope envelope) {
            if (delivers(envelope.uid())) {
                listener.onSnapshot(envelope);
            }
        }

        @Override
        public void onLeave(LeaveEnvelope envelope) {
            if (delivers(envelope.uid())) {
                listener.onLeave(envelope);
            }
        }

        @Override
        public void onConflict(Conflict envelope) {
            if (delivers(envelope.uid())) {
                listener.onConflict(envelope);
            }
        }

        @Override
        public void onMalformed(MalformedSnapshotException problem) {
            listener.onMalformed(problem);
        }
    }
}
