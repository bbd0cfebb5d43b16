// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.SnapshotEnvelope;
import org.jspecify.annotations.Nullable;

/**
 * A node as Centrifugo 1.4's {@code node} shows it: the 22 fields, with counters since the node's start in the place of the
 * last interval's. The four times are 0, as they are there: they have no total.
 */
public final class NodeTotalsJson {

    private final SnapshotCodec codec = new SnapshotCodec();

    /** UTF-8 JSON; null if the node does not report its totals. */
    public byte @Nullable [] of(SnapshotEnvelope beat) {
        NodeTotals totals = beat.totals();
        if (totals == null) {
            return null;
        }
        NodeSnapshot.Builder snapshot = beat.snapshot().toBuilder();
        for (Field field : Field.NUMBERS) {
            if (field.kind() == Field.Kind.COUNTER) {
                snapshot.set(field, totals.number(field));
            } else if (field.kind() == Field.Kind.TIMER) {
                snapshot.set(field, 0);
            }
        }
        return codec.encodeNode(snapshot.build());
    }
}
