// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.aggregator.view.ChangeBatch;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeChange;
import io.tacho.aggregator.view.ViewCursor;
import java.time.InstantSource;

/**
 * Finds the nodes in the view that have reported a new window, also with their last beat, and passes the window on to the series
 * and the sketches.
 *
 * <p>Thread safety: confined to one thread.
 */
final class EndedWindows {

    /** Changes per copy: the view is locked for no longer than that takes. */
    private static final int PIECE = 500;

    private final ClusterView view;
    private final NodeSeries series;
    private final DistinctGather gather;
    private final InstantSource clock;
    private ViewCursor cursor = ViewCursor.START;

    EndedWindows(ClusterView view, NodeSeries series, DistinctGather gather, InstantSource clock) {
        this.view = view;
        this.series = series;
        this.gather = gather;
        this.clock = clock;
    }

    /** Processes all changes since the last call. */
    void process() {
        ChangeBatch changes;
        do {
            changes = next();
            changes.changes().stream().map(NodeChange::node).forEach(this::report);
            cursor = changes.next();
        } while (changes.changes().size() == PIECE);
    }

    /** Returns the next changes; skips membership changes that the view has already evicted. */
    private ChangeBatch next() {
        return view.changes(cursor, PIECE)
                .or(() -> view.changes(cursor.withoutMembershipUpTo(view.version()), PIECE))
                .orElseThrow();
    }

    private void report(KnownNode node) {
        if (series.add(node.uid(), RecentWindow.of(node, clock.millis()))) {
            gather.add(node);
        }
    }
}
