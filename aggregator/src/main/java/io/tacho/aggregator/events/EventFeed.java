// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import io.tacho.aggregator.api.EventData;
import io.tacho.aggregator.events.FeedPieces.Piece;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.ViewCursor;
import io.tacho.concurrent.GuardedExecutor;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the changes of the view to any number of readers. A reader has a position in the changes and gets what follows, a piece
 * at a time, and the next piece once that is written: a slow reader gets only the last beat of each node, and at most one piece is
 * queued for it. A reader that takes nothing for {@value #WRITE_TIMEOUT_SECONDS} s is dropped. Readers at the same position share the
 * same bytes. What is queued for all readers together is limited: beyond it, a reader waits for its next piece until others
 * have taken theirs, and of those that take nothing each is dropped after {@value #CROWDED_TIMEOUT_SECONDS} s.
 *
 * <p>Thread safety: safe; everything is done on the given executor, which has one thread.
 */
public final class EventFeed implements AutoCloseable {

    /** The types of events that are not about nodes. */
    public static final List<String> STATUS_TYPES = List.of("reset", "synced", "alive", "stale", "fresh");

    private static final Duration TICK = Duration.ofMillis(200);
    private static final long WRITE_TIMEOUT_SECONDS = 30;
    private static final long CROWDED_TIMEOUT_SECONDS = 3;
    private static final long ALIVE_SECONDS = 10;
    private static final int HEAP_SHARE = 8;
    private static final long RETRY_MILLIS = 1_000;

    private static final Logger logger = LoggerFactory.getLogger(EventFeed.class);

    private final ClusterView view;
    private final EventData data;
    private final GuardedExecutor executor;
    private final LongSupplier nanoTime;
    private final String epoch;
    private final EventMetrics metrics = new EventMetrics();

    private final long maxQueuedBytes;
    private final Set<FeedReader> readers = new LinkedHashSet<>();
    /** What the readers have yet to take; shared bytes count for each of them. */
    private long queuedBytes;

    private final FeedPieces pieces;
    /** Encoded at most once per interval. */
    private byte @Nullable [] status;

    /**
     * A feed without readers, which queues at most an eighth of the largest heap.
     *
     * @param executor of one thread
     * @param nanoTime monotonic clock
     * @param epoch a number that no other start of an aggregator has
     */
    public EventFeed(
            ClusterView view, EventData data, ScheduledExecutorService executor, LongSupplier nanoTime, long epoch) {
        this(view, data, executor, nanoTime, epoch, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    }

    /** @param maxQueuedBytes about how much is queued for all readers together */
    EventFeed(
            ClusterView view,
            EventData data,
            ScheduledExecutorService executor,
            LongSupplier nanoTime,
            long epoch,
            long maxQueuedBytes) {
        this.maxQueuedBytes = maxQueuedBytes;
        this.view = view;
        this.data = data;
        this.executor =
                new GuardedExecutor(executor, failure -> logger.error("a task of the event feed failed", failure));
        this.nanoTime = nanoTime;
        this.epoch = Long.toHexString(epoch);
        pieces = new FeedPieces(view, this.epoch);
    }

    /** Begins to follow the view. */
    public void start() {
        executor.repeat(this::sendDue, TICK, TICK);
    }

    public EventMetrics metrics() {
        return metrics;
    }

    /**
     * Adds a reader.
     *
     * @param lastEventId the id of the last event it has seen; with an unknown one, or none, it begins anew
     */
    public EventReader open(EventSink sink, EventFilter filter, @Nullable String lastEventId) {
        FeedReader reader = new FeedReader(sink, filter);
        executor.execute(() -> addReader(reader, EventPosition.parse(lastEventId)));
        return () -> executor.execute(() -> remove(reader));
    }

    private void addReader(FeedReader reader, Optional<EventPosition> position) {
        readers.add(reader);
        metrics.readers.set(readers.size());
        EventText text = new EventText().retry(RETRY_MILLIS);
        if (position.isEmpty()) {
            reset(reader, "new", text);
        } else if (!position.get().epoch().equals(epoch) || position.get().version() > view.version()) {
            reset(reader, "other_aggregator", text);
        } else {
            reader.cursor = ViewCursor.atVersion(position.get().version());
            reader.behind = true;
        }
        send(reader, text);
    }

    private void reset(FeedReader reader, String reason, EventText text) {
        reader.reset(ViewCursor.snapshotOf(view));
        text.event("reset", new EventPosition(epoch, 0), EventData.reset(reason, status()));
    }

    private void sendDue() {
        pieces.clear();
        status = null;
        long now = nanoTime.getAsLong();
        for (FeedReader reader : List.copyOf(readers)) {
            if (!reader.busy) {
                sendNext(reader);
            } else if (now - reader.sentNanos > writeTimeoutNanos()) {
                disconnect(reader);
            }
        }
    }

    private long writeTimeoutNanos() {
        return TimeUnit.SECONDS.toNanos(
                queuedBytes > maxQueuedBytes / 2 ? CROWDED_TIMEOUT_SECONDS : WRITE_TIMEOUT_SECONDS);
    }

    /** Sends a reader its next piece, if there is one and if there is room for it. */
    private void sendNext(FeedReader reader) {
        if (queuedBytes >= maxQueuedBytes) {
            return;
        }
        EventText text = new EventText();
        boolean ready = view.status().isReady();
        if (reader.sentReady != ready) {
            reader.sentReady = ready;
            text.event(ready ? "fresh" : "stale", status());
        }
        Optional<Piece> piece = pieces.nextPiece(reader);
        if (piece.isEmpty()) {
            reset(reader, "forgotten", text);
        } else {
            reader.cursor = piece.get().next();
            reader.behind = !piece.get().last();
            text.append(piece.get().events());
            if (!reader.behind && !reader.synced) {
                reader.synced = true;
                text.event("synced", new EventPosition(epoch, reader.cursor.version()), status());
            }
        }
        if (text.isEmpty() && nanoTime.getAsLong() - reader.sentNanos > TimeUnit.SECONDS.toNanos(ALIVE_SECONDS)) {
            text.event("alive", new EventPosition(epoch, reader.cursor.version()), status());
        }
        send(reader, text);
    }

    private byte[] status() {
        byte[] current = status;
        if (current == null) {
            current = data.status();
            status = current;
        }
        return current;
    }

    private void send(FeedReader reader, EventText text) {
        if (text.isEmpty()) {
            return;
        }
        reader.busy = true;
        reader.queuedBytes = text.length();
        queuedBytes += reader.queuedBytes;
        reader.sentNanos = nanoTime.getAsLong();
        metrics.bytes.add(text.length());
        reader.sink.write(text.parts(), () -> executor.execute(() -> written(reader)));
    }

    private void written(FeedReader reader) {
        reader.busy = false;
        release(reader);
        if (reader.behind && readers.contains(reader)) {
            sendNext(reader);
        }
    }

    private void disconnect(FeedReader reader) {
        metrics.dropped.increment();
        logger.debug("a reader has taken nothing for {} s and is dropped", WRITE_TIMEOUT_SECONDS);
        remove(reader);
        reader.sink.close();
    }

    private void release(FeedReader reader) {
        queuedBytes -= reader.queuedBytes;
        reader.queuedBytes = 0;
    }

    private void remove(FeedReader reader) {
        readers.remove(reader);
        release(reader);
        metrics.readers.set(readers.size());
    }

    /** Ends all streams; the executor is its owner's to close. */
    @Override
    public void close() {
        executor.execute(() -> {
            List.copyOf(readers).forEach(reader -> reader.sink.close());
            readers.clear();
        });
    }
}
