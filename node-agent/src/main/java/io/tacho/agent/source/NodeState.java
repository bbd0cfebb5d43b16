// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import io.tacho.agent.record.RecordedInterval;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a node, as its source reports it.
 *
 * @param snapshot the 22 fields; a changed uid means another node
 * @param counted the last completed window; every event is in exactly one window
 * @param version the node's software version; null if unknown
 * @param labels the operator's labels
 * @param quality the flags of the fields that are not exact
 * @param totals counters since the node's start; null if unknown
 * @param users sketch of the user ids that are connected; null if unknown
 * @param channels sketch of the channels with a subscriber; null if unknown
 * @param extras further gauges
 */
public record NodeState(
        NodeSnapshot snapshot,
        RecordedInterval counted,
        @Nullable String version,
        Map<String, String> labels,
        QualityFlags quality,
        @Nullable NodeTotals totals,
        @Nullable Encoded<HyperLogLog> users,
        @Nullable Encoded<HyperLogLog> channels,
        Extras extras) {

    /** {@return the part that can be merged with other nodes} */
    public WindowDetail detail() {
        return counted.detail(users, channels, extras);
    }

    /** {@return this state with another window} */
    public NodeState with(RecordedInterval window) {
        return new NodeState(snapshot, window, version, labels, quality, totals, users, channels, extras);
    }

    /** {@return this state with all values that are available and may change flagged as stale} */
    public NodeState stale() {
        Map<Field, Quality> flags = new EnumMap<>(Field.class);
        flags.putAll(quality.known());
        for (Field field : Field.NUMBERS) {
            if (field.isVariable() && quality.isAvailable(field)) {
                flags.put(field, Quality.STALE);
            }
        }
        QualityFlags stale = new QualityFlags(flags, quality.unknown());
        return new NodeState(snapshot, counted, version, labels, stale, totals, users, channels, extras);
    }

    /** Creates a node without sketches of ids and further gauges. */
    public NodeState(
            NodeSnapshot snapshot,
            RecordedInterval counted,
            @Nullable String version,
            Map<String, String> labels,
            QualityFlags quality,
            @Nullable NodeTotals totals) {
        this(snapshot, counted, version, labels, quality, totals, null, null, Extras.NONE);
    }
}
