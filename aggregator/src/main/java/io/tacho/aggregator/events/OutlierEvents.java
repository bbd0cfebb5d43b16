// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import io.tacho.aggregator.api.EventData;
import io.tacho.aggregator.outlier.OutlierReport;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The event {@code outliers}: all nodes that deviate from their peers, sent to a reader that has received the complete view, and again
 * after each evaluation that found outliers or the end of the last one. It has no id: a reader that reconnects receives it again.
 *
 * <p>Thread safety: the feed's thread only.
 */
final class OutlierEvents {

    static final String TYPE = "outliers";

    private final Supplier<OutlierReport> outliers;
    private OutlierReport encoded = OutlierReport.NONE;
    private final Map<EventFilter, byte[]> data = new HashMap<>();

    OutlierEvents(Supplier<OutlierReport> outliers) {
        this.outliers = outliers;
    }

    /** Appends the event if the reader has not received the current outliers. */
    @SuppressWarnings("ReferenceEquality") // a report is immutable, and each evaluation makes a new one
    void append(ReaderState reader, EventStreamWriter writer) {
        OutlierReport current = outliers.get();
        OutlierReport sent = reader.sentOutliers;
        if (sent == current || !reader.filter.matchesType(TYPE)) {
            return;
        }
        reader.sentOutliers = current;
        boolean mayHaveSome =
                sent == null ? !current.changes().isEmpty() : !sent.outliers().isEmpty();
        if (current.outliers().isEmpty() && !mayHaveSome) {
            return;
        }
        if (encoded != current) {
            encoded = current;
            data.clear();
        }
        writer.appendEvent(
                TYPE,
                Objects.requireNonNull(data.computeIfAbsent(
                        reader.filter,
                        filter -> EventData.outliers(
                                current, outlier -> filter.matchesNode(outlier.uid(), outlier.node())))));
    }
}
