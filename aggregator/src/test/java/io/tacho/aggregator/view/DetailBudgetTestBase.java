// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeStatus;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.Encoded;
import io.tacho.store.Partitions;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.ManualTicker;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A view with room for the histograms and sketches of three nodes. */
abstract class DetailBudgetTestBase {

    static final Duration GRACE = Duration.ofMillis(2_001);
    static final int PART = 1_000;

    final ManualTicker ticker = new ManualTicker();
    final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 1_000, Partitions.ONE, roomFor(3));
    long seq;

    /** Memory for the number of details plus half of one, so that estimates of the overhead do not matter. */
    static long roomFor(int details) {
        return details * (2 * PART + 300) + PART;
    }

    /** Returns a detail that is equal for the same node and window. */
    static WindowDetail detail(String uid, int window, int bytes) {
        byte[] times = new byte[bytes];
        times[0] = (byte) window;
        times[1] = (byte) uid.hashCode();
        return new WindowDetail(Encoded.histogram(times), null, Encoded.hyperLogLog(times.clone()), null);
    }

    SnapshotEnvelope beat(String uid, int window, WindowDetail detail) {
        return new SnapshotEnvelope(
                ++seq,
                15_000,
                60,
                new MetricsWindow(60_000L * window, 60_000L * (window + 1)),
                NodeStatus.UNKNOWN,
                Snapshots.snapshot(uid, uid),
                null,
                detail);
    }

    void join(String uid) {
        SnapshotEnvelope beat = beat(uid, 1, detail(uid, 1, PART));
        view.onLoaded(new StoredSnapshot(beat, 15_000));
    }

    void publish(String uid, int window) {
        assertThat(view.onBeat(beat(uid, window, detail(uid, window, PART)))).isEqualTo(BeatEffect.UPDATED);
    }

    List<String> nodesWithDetail() {
        return view.nodeList().nodes().stream()
                .filter(node -> node.detail().size() > 0)
                .map(KnownNode::uid)
                .toList();
    }

    WindowDetail known(String uid) {
        return view.find(uid).orElseThrow().detail();
    }

    static Extras numbers(int count) {
        Map<String, Extra> numbers = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            numbers.put("number_" + i, Extra.counter(i, 1_000L + i));
        }
        return new Extras(numbers);
    }
}
