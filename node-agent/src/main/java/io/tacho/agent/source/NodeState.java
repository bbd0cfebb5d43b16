// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import io.tacho.agent.record.RecordedInterval;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.Quality;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a source tells of its node at one moment.
 *
 * @param snapshot the 22 fields; its uid may change, and then it is another node
 * @param counted what happened in the last completed window: over all windows every event is in one of them, and once
 * @param version the node's software version; null where it is not known
 * @param labels what its operator calls it
 * @param quality marks of the fields that are not exact, by field name
 * @param totals counters since the node's start; null where they are not known
 * @param users sketch of the user ids that are connected, as text; null where it is not known
 * @param channels sketch of the channels with a subscriber, as text; null where it is not known
 */
public record NodeState(
        NodeSnapshot snapshot,
        RecordedInterval counted,
        @Nullable String version,
        Map<String, String> labels,
        Map<String, Quality> quality,
        @Nullable NodeTotals totals,
        @Nullable String users,
        @Nullable String channels) {

    /** A node of which no ids are known. */
    public NodeState(
            NodeSnapshot snapshot,
            RecordedInterval counted,
            @Nullable String version,
            Map<String, String> labels,
            Map<String, Quality> quality,
            @Nullable NodeTotals totals) {
        this(snapshot, counted, version, labels, quality, totals, null, null);
    }
}
