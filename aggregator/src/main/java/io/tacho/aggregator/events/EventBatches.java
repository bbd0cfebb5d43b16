// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import io.tacho.aggregator.api.EventData;
import io.tacho.aggregator.view.ChangeBatch;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.NodeChange;
import io.tacho.aggregator.view.ViewCursor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A cache of the next events, created once for all readers with the same position and filter, and cleared at every send interval.
 *
 * <p>Thread safety: the feed's thread only.
 */
final class EventBatches {

    /** The maximum number of changes in one batch, about 80 KB. */
    static final int MAX_CHANGES = 100;

    private record BatchKey(ViewCursor cursor, EventFilter filter) {}

    /**
     * The events about consecutive changes of the view.
     *
     * @param events the text of the events; empty if the filter excludes all of them
     * @param next the position of the reader after these events
     * @param last whether there are no further changes
     */
    record EventBatch(byte[] events, ViewCursor next, boolean last) {}

    private final ClusterView view;
    private final String epoch;
    private final Map<BatchKey, Optional<EventBatch>> batches = new HashMap<>();

    EventBatches(ClusterView view, String epoch) {
        this.view = view;
        this.epoch = epoch;
    }

    /** Removes all cached batches. */
    void clear() {
        batches.clear();
    }

    /** {@return the next batch for a reader; empty if changes that the reader has missed are no longer kept} */
    Optional<EventBatch> nextBatch(ReaderState reader) {
        return batches.computeIfAbsent(new BatchKey(reader.cursor, reader.filter), this::createBatch);
    }

    private Optional<EventBatch> createBatch(BatchKey key) {
        EventStreamWriter writer = new EventStreamWriter();
        ViewCursor cursor = key.cursor();
        while (true) {
            Optional<ChangeBatch> found = view.changesAfter(cursor, MAX_CHANGES);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            ChangeBatch changes = found.get();
            for (NodeChange change : changes.changes()) {
                if (key.filter().matches(change)) {
                    writer.appendEvent(
                            EventFilter.type(change.kind()),
                            new EventPosition(epoch, change.version()),
                            EventData.of(change));
                }
            }
            cursor = changes.next();
            boolean last = changes.changes().size() < MAX_CHANGES;
            if (last || !writer.isEmpty()) {
                return Optional.of(new EventBatch(writer.bytes(), cursor, last));
            }
        }
    }
}
