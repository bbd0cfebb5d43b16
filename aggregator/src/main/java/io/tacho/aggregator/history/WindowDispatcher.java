// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.aggregator.cluster.DurationTotals;
import io.tacho.aggregator.view.ChangeBatch;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeChange;
import io.tacho.aggregator.view.ViewCursor;
import java.time.InstantSource;

/**
 * Detects new windows in the changes of the view, also in the last beat of a departed node, and passes each to the node's series, and
 * to the durations of the cluster.
 *
 * <p>Thread safety: confined to one thread.
 */
final class WindowDispatcher {

    /** The number of changes that are copied at a time, which limits how long the view is locked. */
    private static final int MAX_CHANGES = 500;

    private final ClusterView view;
    private final NodeSeries series;
    private final DurationTotals durations;
    private final InstantSource clock;
    private ViewCursor cursor = ViewCursor.START;

    WindowDispatcher(ClusterView view, NodeSeries series, DurationTotals durations, InstantSource clock) {
        this.view = view;
        this.series = series;
        this.durations = durations;
        this.clock = clock;
    }

    /** Processes all changes of the view since the last call. */
    void process() {
        ChangeBatch changes;
        do {
            changes = nextChanges();
            changes.changes().stream().map(NodeChange::node).forEach(this::dispatch);
            cursor = changes.next();
        } while (changes.changes().size() == MAX_CHANGES);
    }

    /** Returns the next changes; skips membership changes that the view has already evicted. */
    private ChangeBatch nextChanges() {
        return view.changesAfter(cursor, MAX_CHANGES)
                .or(() -> view.changesAfter(cursor.skipMembershipUpTo(view.version()), MAX_CHANGES))
                .orElseThrow();
    }

    /** The first window of a node may have been complete before this aggregator started, so it adds no durations. */
    private void dispatch(KnownNode node) {
        boolean known = series.isKnown(node.uid());
        if (series.add(node.uid(), RecentWindow.of(node.envelope(), clock.millis()))) {
            if (known) {
                durations.add(node.detail());
            }
        }
    }
}
