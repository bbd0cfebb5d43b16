// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ViewCursor;
import org.jspecify.annotations.Nullable;

/**
 * The state of one reader in the feed: the position up to which it has read, and whether the last batch has been written. A reader
 * receives one batch at a time, so no backlog builds up.
 *
 * <p>Thread safety: the feed's thread only.
 */
final class ReaderState {

    final EventSink sink;
    final EventFilter filter;

    /** The position up to which the reader has read. */
    ViewCursor cursor = ViewCursor.START;
    /** True if more events are available immediately. */
    boolean behind;
    /** True once the synced event was sent. */
    boolean synced;
    /** The number of disconnected partitions that was sent last. */
    int sentDisconnected;
    /** The outliers that were sent last; null if it is unknown what a reader that continues has received. */
    @Nullable
    OutlierReport sentOutliers;
    /** True while a write is in progress. */
    boolean busy;
    /** The size of that write. */
    long queuedBytes;

    long sentNanos;

    ReaderState(EventSink sink, EventFilter filter) {
        this.sink = sink;
        this.filter = filter;
    }

    /** Makes the reader start again at a position. */
    void reset(ViewCursor start) {
        cursor = start;
        behind = true;
        synced = false;
        sentOutliers = OutlierReport.NONE;
    }
}
