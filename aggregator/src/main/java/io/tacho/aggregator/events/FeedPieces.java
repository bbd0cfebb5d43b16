// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import io.tacho.aggregator.api.EventData;
import io.tacho.aggregator.view.Changes;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.NodeChange;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is next for readers, made once for all who are at the same place and kept for a moment.
 *
 * <p>Thread safety: the feed's thread only.
 */
final class FeedPieces {

    /** Changes in one piece: some 80 KB. */
    static final int CHANGES = 100;

    private record Place(long version, long turnsAfter, EventFilter filter) {}

    /**
     * Changes that follow each other.
     *
     * @param events as text; empty if there is nothing that the reader wants
     * @param upTo the version that the reader knows then
     * @param last whether that was all there is
     */
    record Piece(byte[] events, long upTo, boolean last) {}

    private final ClusterView view;
    private final String epoch;
    private final Map<Place, Optional<Piece>> pieces = new HashMap<>();

    FeedPieces(ClusterView view, String epoch) {
        this.view = view;
        this.epoch = epoch;
    }

    void forget() {
        pieces.clear();
    }

    /** Empty if not everything is known any more that the reader has missed. */
    Optional<Piece> after(FeedReader reader) {
        long turnsAfter = Math.max(reader.version, reader.turnsAfter);
        return pieces.computeIfAbsent(new Place(reader.version, turnsAfter, reader.filter), this::make);
    }

    private Optional<Piece> make(Place place) {
        EventText text = new EventText();
        long version = place.version();
        while (true) {
            Optional<Changes> found = view.changes(version, place.turnsAfter(), CHANGES);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Changes changes = found.get();
            for (NodeChange change : changes.changes()) {
                if (place.filter().wants(change)) {
                    text.event(
                            EventFilter.type(change.kind()),
                            new EventPosition(epoch, change.version()),
                            EventData.of(change));
                }
            }
            version = changes.upTo();
            boolean last = changes.changes().size() < CHANGES;
            if (last || !text.isEmpty()) {
                return Optional.of(new Piece(text.bytes(), version, last));
            }
        }
    }
}
