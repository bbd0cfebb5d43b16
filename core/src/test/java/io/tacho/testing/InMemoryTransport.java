// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.tacho.model.Envelope.Conflict;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.BeatResult;
import io.tacho.store.DistinctWindow;
import io.tacho.store.HistoryMark;
import io.tacho.store.SnapshotBatches;
import io.tacho.store.SnapshotListener;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.store.TransportException;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowBatches;
import io.tacho.store.WindowHistory;
import io.tacho.store.WindowUpload;
import io.tacho.store.memory.InMemoryStore;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** An {@link InMemoryStore} on the test's clock, behind a connection with the faults that the test chooses. */
public final class InMemoryTransport {

    private final InMemoryStore store;
    private final List<SnapshotListener> started = new CopyOnWriteArrayList<>();

    private volatile boolean connected = true;
    private volatile boolean losesMessages;
    private volatile boolean frozen;

    public InMemoryTransport(LongSupplier nanoTime) {
        store = new InMemoryStore(nanoTime, InMemoryStore.MAX_NODES);
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

    /** Makes every call fail, and reports the disconnection to the listeners. */
    public void disconnect() {
        connected = false;
        started.forEach(SnapshotListener::onDisconnected);
    }

    /** Reverts {@link #disconnect()}. */
    public void reconnect() {
        connected = true;
        started.forEach(SnapshotListener::onSubscribed);
    }

    /** Loses messages on their way to listeners, as pub/sub may; the store is not affected. */
    public void loseMessages(boolean lose) {
        losesMessages = lose;
    }

    /** Stays connected but makes every call fail, as a Redis that hangs. */
    public void freeze(boolean freeze) {
        frozen = freeze;
    }

    /** Removes all entries, as FLUSHALL does. */
    public void flush() {
        store.clear();
    }

    private <T> CompletionStage<T> whenConnected(Supplier<CompletionStage<T>> call) {
        return connected && !frozen
                ? call.get()
                : CompletableFuture.failedFuture(new TransportException(frozen ? "frozen" : "disconnected", null));
    }

    private final class Publisher implements SnapshotPublisher {

        private final SnapshotPublisher publisher;

        Publisher(SnapshotPublisher publisher) {
            this.publisher = publisher;
        }

        @Override
        public CompletionStage<BeatResult> publish(SnapshotEnvelope envelope) {
            return whenConnected(() -> publisher.publish(envelope));
        }

        @Override
        public CompletionStage<Void> leave(LeaveEnvelope envelope) {
            return whenConnected(() -> publisher.leave(envelope));
        }

        @Override
        public CompletionStage<UploadResult> upload(WindowUpload batch) {
            return whenConnected(() -> publisher.upload(batch));
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
        public CompletionStage<HistoryMark> changedSince(HistoryMark mark, int limit, WindowBatches batches) {
            return whenConnected(() -> history.changedSince(mark, limit, batches));
        }

        @Override
        public CompletionStage<Void> add(DistinctWindow distinct) {
            return whenConnected(() -> history.add(distinct));
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
        public CompletionStage<Void> loadUnknown(Predicate<String> known, SnapshotBatches batches) {
            return whenConnected(() -> source.loadUnknown(known, batches));
        }

        @Override
        public CompletionStage<Void> load(Collection<String> uids, SnapshotBatches batches) {
            return whenConnected(() -> source.load(uids, batches));
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
        public void onSubscribed() {
            if (connected) {
                listener.onSubscribed();
            }
        }

        @Override
        public void onDisconnected() {
            listener.onDisconnected();
        }

        @Override
        public void onSnapshot(SnapshotEnvelope envelope) {
            if (connected && !losesMessages) {
                listener.onSnapshot(envelope);
            }
        }

        @Override
        public void onLeave(LeaveEnvelope envelope) {
            if (connected && !losesMessages) {
                listener.onLeave(envelope);
            }
        }

        @Override
        public void onConflict(Conflict envelope) {
            if (connected && !losesMessages) {
                listener.onConflict(envelope);
            }
        }

        @Override
        public void onMalformed(MalformedSnapshotException problem) {
            listener.onMalformed(problem);
        }
    }
}
