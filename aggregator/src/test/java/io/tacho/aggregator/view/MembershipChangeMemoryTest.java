// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import static io.tacho.testing.Snapshots.leave;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.NodeStatus;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.Snapshots;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests what membership changes retain of their nodes. */
class MembershipChangeMemoryTest extends DetailBudgetTestBase {

    @Test
    void membershipChanges_retainNoDetailEntriesOrTotals_labelsAreCounted() {
        view.onLoaded(new StoredSnapshot(Snapshots.detailed("a", 1), 15_000));
        byte[] entry = view.find("a").orElseThrow().json();
        view.onBeat(Snapshots.beat("a", 2));
        view.onLeave(leave("a", 3));
        ticker.advance(GRACE);
        view.suspects();

        List<NodeChange> changes =
                view.changesAfter(ViewCursor.afterVersion(0), 10).orElseThrow().changes();

        assertThat(changes).extracting(NodeChange::kind).containsExactly(NodeChange.Kind.JOINED, NodeChange.Kind.LEFT);
        assertThat(changes).allSatisfy(change -> {
            assertThat(change.node().detail()).isEqualTo(WindowDetail.NONE);
            assertThat(change.node().envelope().totals()).isNull();
            assertThat(change.node().bytesWithoutMetrics()).isLessThan(2_000);
        });
        assertThat(changes.get(0).node().json()).isEqualTo(entry);
    }

    @Test
    void membershipChange_countsTheBytesOfItsLabels() {
        view.onLoaded(Snapshots.stored("plain", 1));
        Map<String, String> labels = Map.of("zone", "x".repeat(100), "kind", "y".repeat(100));
        SnapshotEnvelope labeled = SnapshotEnvelope.builder(
                        Snapshots.beat("label", 1).snapshot())
                .seq(1)
                .ttlMillis(15_000)
                .metricsIntervalSeconds(60)
                .status(new NodeStatus(null, 0, false, "1.0", labels, QualityFlags.NONE))
                .build();
        view.onLoaded(new StoredSnapshot(labeled, 15_000));

        List<NodeChange> changes =
                view.changesAfter(ViewCursor.afterVersion(0), 10).orElseThrow().changes();

        assertThat(changes.get(1).node().envelope().status().labels()).isEqualTo(labels);
        assertThat(changes.get(1).node().bytesWithoutMetrics()
                        - changes.get(0).node().bytesWithoutMetrics())
                .isBetween(400, 1_000);
    }
}
