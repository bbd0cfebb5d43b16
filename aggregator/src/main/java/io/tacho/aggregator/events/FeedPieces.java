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
 * The next events for readers, made once for all readers at the same position and cached until the next interval.
 *
 * <p>Thread safety: the feed's thread only.
 */
final class FeedPieces {

    /** Changes in one piece: some 80 KB. */
    static final int CHANGES = 100;

    private record Place(ViewCursor cursor, EventFilter filter) {}

    /**
     * Changes that follow each other.
     *
     * @param events as text; empty if the filter excludes all of them
     * @param next the position of the reader after them
     * @param last whether that was all there is
     */
    record Piece(byte[] events, ViewCursor next, boolean last) {}

    private final ClusterView view;
    private final String epoch;
    private final Map<Place, Optional<Piece>> pieces = new HashMap<>();

    FeedPieces(ClusterView view, String epoch) {
        this.view = view;
        this.epoch = epoch;
    }

    void clear() {
        pieces.clear();
    }

    /** {@return the next piece; empty if changes that the reader has missed are no longer kept} */
    Optional<Piece> nextPiece(FeedReader reader) {
        return pieces.computeIfAbsent(new Place(reader.cursor, reader.filter), this::createPiece);
    }

    private Optional<Piece> createPiece(Place place) {
        EventText text = new EventText();
        ViewCursor cursor = place.cursor();
        while (true) {
            Optional<ChangeBatch> found = view.changesAfter(cursor, CHANGES);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            ChangeBatch changes = found.get();
            for (NodeChange change : changes.changes()) {
                if (place.filter().matches(change)) {
                    text.event(
                            EventFilter.type(change.kind()),
                            new EventPosition(epoch, change.version()),
                            EventData.of(change));
                }
            }
            cursor = changes.next();
            boolean last = changes.changes().size() < CHANGES;
            if (last || !text.isEmpty()) {
                return Optional.of(new Piece(text.bytes(), cursor, last));
            }
        }
    }
}
