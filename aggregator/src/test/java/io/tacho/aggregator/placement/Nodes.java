// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.placement;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.ManualTicker;
import java.util.Map;

/** A view of nodes for which the test sends beats. */
final class Nodes {

    private static final long TTL_MILLIS = 15_000;

    final ManualTicker ticker = new ManualTicker();
    final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 1_000);
    private long seq;

    Nodes() {
        view.subscription().onLoaded(0, view.subscription().onSubscribed(0));
    }

    /** A beat of a node with an address. */
    void beat(String uid, long clients, long capacity) {
        beat(uid, clients, status(false, capacity, Map.of()).withAddress(uid + ":8000"));
    }

    void beat(String uid, long clients, NodeStatus status) {
        view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(NodeSnapshot.builder(uid, "name-" + uid)
                                .set(Field.NUM_CLIENTS, clients)
                                .build())
                        .seq(++seq)
                        .ttlMillis(TTL_MILLIS)
                        .metricsIntervalSeconds(60)
                        .status(status)
                        .build(),
                TTL_MILLIS));
    }

    static NodeStatus status(boolean draining, long capacity, Map<String, String> labels) {
        return new NodeStatus("host", 5_000, draining, null, labels, QualityFlags.NONE).withCapacity(capacity);
    }
}
