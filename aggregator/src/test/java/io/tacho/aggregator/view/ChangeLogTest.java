// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import static io.tacho.testing.Snapshots.beat;
import static io.tacho.testing.Snapshots.leave;
import static io.tacho.testing.Snapshots.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.view.NodeChange.Kind;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.NodeStatus;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.testing.ManualTicker;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeLogTest {

    private final ClusterView view = new ClusterView(new SnapshotCodec(), new ManualTicker(), 100_000);

    private List<String> changes(long after, long skipsMembershipUpTo) {
        return view.changesAfter(new ViewCursor(after, skipsMembershipUpTo), 100).orElseThrow().changes().stream()
                .map(change -> change.kind() + " " + change.node().uid() + " " + change.version())
                .toList();
    }

    @Test
    void changes_joinUpdateLeave_areInOrder() {
        view.onLoaded(stored("u1", 1));
        view.onLoaded(stored("u2", 1));
        view.onBeat(beat("u1", 2));
        view.onLeave(leave("u2", 2));

        assertThat(changes(0, 0)).containsExactly("JOINED u1 1", "JOINED u2 2", "UPDATED u1 3", "LEFT u2 4");
        assertThat(changes(2, 0)).containsExactly("UPDATED u1 3", "LEFT u2 4");
        assertThat(changes(4, 0)).isEmpty();
    }

    @Test
    void changes_repeatedUpdates_onlyTheLastIsReturned() {
        view.onLoaded(stored("u1", 1));
        for (long seq = 2; seq < 10; seq++) {
            view.onBeat(beat("u1", seq));
        }

        assertThat(changes(1, 0)).containsExactly("UPDATED u1 9");
    }

    @Test
    void changes_fromStart_presentNodesAreReturnedAsUpdates() {
        view.onLoaded(stored("u1", 1));
        view.onLoaded(stored("u2", 1));
        view.onLeave(leave("u1", 2));
        view.onLoaded(stored("u3", 1));
        long now = view.version();
        view.onLoaded(stored("u4", 1));

        assertThat(changes(0, now)).containsExactly("UPDATED u2 2", "UPDATED u3 4", "JOINED u4 5");
    }

    @Test
    void join_isReturnedWithTheLatestState_sharedWithTheView() {
        view.onLoaded(stored("u1", 1));
        view.onBeat(beat("u1", 2));

        List<NodeChange> changes =
                view.changesAfter(ViewCursor.afterVersion(0), 10).orElseThrow().changes();

        assertThat(changes).extracting(NodeChange::kind).containsExactly(Kind.JOINED, Kind.UPDATED);
        assertThat(changes).extracting(change -> change.node().seq()).containsExactly(2L, 2L);
        assertThat(changes.get(0).node().envelope().snapshot())
                .isSameAs(view.find("u1").orElseThrow().envelope().snapshot());
    }

    @Test
    void join_ofANodeThatLeft_isReturnedWithItsLastState() {
        view.onLoaded(stored("u1", 1));
        view.onBeat(beat("u1", 2));
        view.onLeave(leave("u1", 3));
        view.onLoaded(stored("u1", 4));

        assertThat(changes(0, 0)).containsExactly("JOINED u1 1", "LEFT u1 3", "JOINED u1 4");
        assertThat(view.changesAfter(ViewCursor.afterVersion(0), 10)
                        .orElseThrow()
                        .changes())
                .extracting(change -> change.node().seq())
                .containsExactly(2L, 2L, 4L);
    }

    @Test
    void changes_draining_isReportedOnce() {
        view.onLoaded(stored("u1", 1));
        view.onBeat(draining("u1", 2));
        view.onBeat(draining("u1", 3));

        assertThat(changes(1, 0)).containsExactly("DRAINING u1 2", "UPDATED u1 3");
    }

    private static SnapshotEnvelope draining(String uid, long seq) {
        SnapshotEnvelope beat = beat(uid, seq);
        NodeStatus status = new NodeStatus("host-1", 5_000, true);
        return SnapshotEnvelope.builder(beat.snapshot())
                .seq(beat.seq())
                .ttlMillis(beat.ttlMillis())
                .metricsIntervalSeconds(beat.metricsIntervalSeconds())
                .window(beat.window())
                .status(status)
                .build();
    }

    @Test
    void changes_moreThanTheLimit_areReturnedInBatches() {
        for (int i = 0; i < 25; i++) {
            view.onLoaded(stored("u" + i, 1));
        }

        ChangeBatch first = view.changesAfter(new ViewCursor(0, 25), 10).orElseThrow();
        ChangeBatch second = view.changesAfter(first.next(), 10).orElseThrow();
        ChangeBatch third = view.changesAfter(second.next(), 10).orElseThrow();

        assertThat(first.changes()).hasSize(10);
        assertThat(first.version()).isEqualTo(10);
        assertThat(second.changes()).hasSize(10);
        assertThat(third.changes()).hasSize(5).extracting(NodeChange::kind).containsOnly(Kind.UPDATED);
        assertThat(third.version()).isEqualTo(view.version());
    }

    @Test
    void changes_membershipChangesNoLongerRetained_returnsEmpty() {
        for (int i = 0; i <= ChangeLog.MAX_MEMBERSHIP_CHANGES; i++) {
            view.onLoaded(stored("u" + i, 1));
        }

        assertThat(view.changesAfter(ViewCursor.START, 10)).isEmpty();
        assertThat(view.changesAfter(ViewCursor.afterVersion(1), 10)).isPresent();
        assertThat(view.changesAfter(ViewCursor.skippingPastMembership(view), 10))
                .isPresent();
    }
}
