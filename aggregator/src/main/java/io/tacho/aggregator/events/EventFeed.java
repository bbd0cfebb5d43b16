// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import io.tacho.aggregator.api.EventData;
import io.tacho.aggregator.events.EventBatches.EventBatch;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.ViewCursor;
import io.tacho.concurrent.GuardedExecutor;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the changes of the view as events to any number of readers. A reader has a position in the changes and receives one batch
 * of events at a time; the next batch is sent after the previous one was written. So a slow reader receives only the last beat of
 * each node, and at most one batch is queued for it. A reader that accepts no data for {@value #WRITE_TIMEOUT_SECONDS} s is
 * disconnected. Readers at the same position share the same bytes. What is queued for all readers together is limited: beyond it, a
 * reader waits for its next batch until others have accepted theirs, and those that accept no data are disconnected after
 * {@value #CROWDED_TIMEOUT_SECONDS} s.
 *
 * <p>Thread safety: safe; everything is done on the given executor, which has one thread.
 */
public final class EventFeed implements AutoCloseable {

    /** The types of events that are not about nodes. */
    public static final List<String> STATUS_TYPES = List.of("reset", "synced", "alive", "stale", "fresh");

    private static final Duration SEND_INTERVAL = Duration.ofMillis(200);
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
    private final Set<ReaderState> readers = new LinkedHashSet<>();
    private final EventBatches batches;
    private final OutlierEvents outlierEvents;
    /** What the readers have yet to accept; shared bytes count for each of them. */
    private long queuedBytes;

    /** Encoded at most once per interval. */
    private byte @Nullable [] status;

    /**
     * Creates a feed without readers that has not started, and that queues at most an eighth of the largest heap.
     *
     * @param executor of one thread
     * @param nanoTime monotonic clock
     * @param epoch a number that no other start of an aggregator has
     */
    public EventFeed(
            ClusterView view,
            EventData data,
            Supplier<OutlierReport> outliers,
            ScheduledExecutorService executor,
            LongSupplier nanoTime,
            long epoch) {
        this(
                view,
                data,
                outliers,
                executor,
                nanoTime,
                epoch,
                Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    }

    /** @param maxQueuedBytes about how much is queued for all readers together */
    EventFeed(
            ClusterView view,
            EventData data,
            Supplier<OutlierReport> outliers,
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
        batches = new EventBatches(view, this.epoch);
        outlierEvents = new OutlierEvents(outliers);
    }

    /** {@return an epoch that distinguishes the events of two aggregators, and of two starts of one aggregator} */
    public static long newEpoch() {
        return new SecureRandom().nextLong() >>> 1;
    }

    /** Starts to send the changes of the view, in the background. */
    public void start() {
        executor.repeat(this::sendDue, SEND_INTERVAL, SEND_INTERVAL);
    }

    /** {@return the metrics of the feed} */
    public EventMetrics metrics() {
        return metrics;
    }

    /**
     * Opens a stream of events to a new reader.
     *
     * @param lastEventId the id of the last event that the reader received; without a known one the stream starts with all nodes
     * @return removes the reader from the feed, when its connection is closed; idempotent, runs on any thread
     */
    public Runnable open(EventSink sink, EventFilter filter, @Nullable String lastEventId) {
        ReaderState reader = new ReaderState(sink, filter);
        executor.execute(() -> addReader(reader, EventPosition.parse(lastEventId)));
        return () -> executor.execute(() -> remove(reader));
    }

    private void addReader(ReaderState reader, Optional<EventPosition> position) {
        readers.add(reader);
        metrics.readers.set(readers.size());
        EventStreamWriter writer = new EventStreamWriter().appendRetry(RETRY_MILLIS);
        if (position.isEmpty()) {
            reset(reader, "new", writer);
        } else if (!position.get().epoch().equals(epoch) || position.get().version() > view.version()) {
            reset(reader, "other_aggregator", writer);
        } else {
            reader.cursor = ViewCursor.afterVersion(position.get().version());
            reader.behind = true;
        }
        send(reader, writer);
    }

    private void reset(ReaderState reader, String reason, EventStreamWriter writer) {
        reader.reset(ViewCursor.skippingPastMembership(view));
        writer.appendEvent("reset", new EventPosition(epoch, 0), EventData.reset(reason, status()));
    }

    private void sendDue() {
        batches.clear();
        status = null;
        long now = nanoTime.getAsLong();
        for (ReaderState reader : List.copyOf(readers)) {
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

    /** Sends the next batch to a reader, if there is one and if there is room for it. */
    private void sendNext(ReaderState reader) {
        if (queuedBytes >= maxQueuedBytes) {
            return;
        }
        EventStreamWriter writer = new EventStreamWriter();
        int disconnected = view.status().disconnected();
        if (reader.sentDisconnected != disconnected) {
            reader.sentDisconnected = disconnected;
            writer.appendEvent(disconnected == 0 ? "fresh" : "stale", status());
        }
        Optional<EventBatch> batch = batches.nextBatch(reader);
        if (batch.isEmpty()) {
            reset(reader, "forgotten", writer);
        } else {
            reader.cursor = batch.get().next();
            reader.behind = !batch.get().last();
            writer.append(batch.get().events());
            if (!reader.behind && !reader.synced) {
                reader.synced = true;
                writer.appendEvent("synced", new EventPosition(epoch, reader.cursor.version()), status());
            }
        }
        if (reader.synced) {
            outlierEvents.append(reader, writer);
        }
        if (writer.isEmpty() && nanoTime.getAsLong() - reader.sentNanos > TimeUnit.SECONDS.toNanos(ALIVE_SECONDS)) {
            writer.appendEvent("alive", new EventPosition(epoch, reader.cursor.version()), status());
        }
        send(reader, writer);
    }

    private byte[] status() {
        byte[] current = status;
        if (current == null) {
            current = data.status();
            status = current;
        }
        return current;
    }

    private void send(ReaderState reader, EventStreamWriter writer) {
        if (writer.isEmpty()) {
            return;
        }
        reader.busy = true;
        reader.queuedBytes = writer.length();
        queuedBytes += reader.queuedBytes;
        reader.sentNanos = nanoTime.getAsLong();
        metrics.bytes.add(writer.length());
        reader.sink.write(writer.parts(), () -> executor.execute(() -> written(reader)));
    }

    private void written(ReaderState reader) {
        reader.busy = false;
        release(reader);
        if (reader.behind && readers.contains(reader)) {
            sendNext(reader);
        }
    }

    private void disconnect(ReaderState reader) {
        metrics.dropped.increment();
        logger.debug("a reader has taken nothing for {} s and is dropped", WRITE_TIMEOUT_SECONDS);
        remove(reader);
        reader.sink.close();
    }

    private void release(ReaderState reader) {
        queuedBytes -= reader.queuedBytes;
        reader.queuedBytes = 0;
    }

    private void remove(ReaderState reader) {
        readers.remove(reader);
        release(reader);
        metrics.readers.set(readers.size());
    }

    /** Ends all streams; the executor is closed by its owner. */
    @Override
    public void close() {
        executor.execute(() -> {
            List.copyOf(readers).forEach(reader -> reader.sink.close());
            readers.clear();
        });
    }
}
