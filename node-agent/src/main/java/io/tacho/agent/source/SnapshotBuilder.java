// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import io.tacho.agent.record.RecordedInterval;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import io.tacho.model.RequestKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Builds a snapshot and its quality flags. A field that is not set is 0 and flagged as unavailable.
 *
 * <p>Thread safety: one thread at a time.
 */
public final class SnapshotBuilder {

    private final NodeSnapshot.Builder snapshot;
    private final Map<Field, Quality> flags = new EnumMap<>(Field.class);
    private final Map<String, Quality> histogramFlags = new TreeMap<>();

    public SnapshotBuilder(String uid, String name) {
        snapshot = NodeSnapshot.builder(uid, name);
        Field.NUMBERS.forEach(field -> flags.put(field, Quality.UNAVAILABLE));
    }

    /** Sets a field, limited to its bounds. */
    public SnapshotBuilder set(Field field, long value) {
        snapshot.set(field, Math.max(0, Math.min(value, NodeSnapshot.MAX_VALUE)));
        flags.remove(field);
        return this;
    }

    /** Sets a field, rounded and limited to its bounds; without a value it becomes 0 and unavailable. */
    public SnapshotBuilder set(Field field, OptionalDouble value) {
        set(field, Math.round(value.orElse(0)));
        if (value.isEmpty()) {
            flags.put(field, Quality.UNAVAILABLE);
        }
        return this;
    }

    /** Sets the fields that were recorded in the metrics interval. */
    public SnapshotBuilder set(RecordedInterval recorded) {
        recorded.forEach(this::set);
        return this;
    }

    /** Flags a field. */
    public SnapshotBuilder flag(Field field, Quality quality) {
        flags.put(field, quality);
        return this;
    }

    /** Flags the histogram of the durations of requests, under its name on the wire. */
    public SnapshotBuilder flagHistogram(RequestKind kind, Quality quality) {
        histogramFlags.put(kind.timeName(), quality);
        return this;
    }

    /** Flags fields. */
    public SnapshotBuilder flag(Map<Field, Quality> quality) {
        flags.putAll(quality);
        return this;
    }

    /** {@return whether a field has a value} */
    public boolean isAvailable(Field field) {
        return flags.get(field) != Quality.UNAVAILABLE;
    }

    /** Flags all available fields that change while a node runs as stale. */
    public SnapshotBuilder flagStale() {
        for (Field field : Field.NUMBERS) {
            if (field.isVariable() && isAvailable(field)) {
                flags.put(field, Quality.STALE);
            }
        }
        return this;
    }

    /** {@return the snapshot} */
    public NodeSnapshot snapshot() {
        return snapshot.build();
    }

    /** {@return the flags of all fields and histograms that are not exact} */
    public QualityFlags quality() {
        Map<Field, Quality> inexact = new EnumMap<>(flags);
        inexact.values().removeIf(quality -> quality == Quality.EXACT);
        return new QualityFlags(inexact, histogramFlags);
    }
}
