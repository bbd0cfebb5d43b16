// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import static io.tacho.testing.Snapshots.beat;
import static io.tacho.testing.Snapshots.leave;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.view.ClusterView.Change;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.testing.ManualTicker;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterViewTest {

    private final SnapshotCodec codec = new SnapshotCodec();
    private final ManualTicker ticker = new ManualTicker();
    private final ClusterView view = new ClusterView(codec, ticker, 100);

    @Test
    void list_orderedByNameThenUid() {
        view.apply(beat("u3", "b", 1, 15_000), 15_000);
        view.apply(beat("u2", "a", 1, 15_000), 15_000);
        view.apply(beat("u1", "b", 1, 15_000), 15_000);

        assertThat(uids()).containsExactly("u2", "u1", "u3");
    }

    @Test
    void list_renamedNodeIsListedOnceInItsNewPlace() {
        view.apply(beat("u1", "a", 1, 15_000), 15_000);
        view.apply(beat("u2", "b", 1, 15_000), 15_000);

        view.apply(beat("u1", "c", 2, 15_000), 15_000);

        assertThat(uids()).containsExactly("u2", "u1");
    }

    @Test
    void list_sameObjectUntilSomethingChanges() {
        view.apply(beat("u1", 1), 15_000);
        NodeList before = view.list();
        view.apply(beat("u1", 1), 15_000);
        assertThat(view.list()).isSameAs(before);

        view.apply(beat("u1", 2), 15_000);

        assertThat(view.list().version()).isGreaterThan(before.version());
        assertThat(before.nodes().get(0).envelope()).isEqualTo(beat("u1", 1));
    }

    @Test
    void list_metricsIntervalOfMost() {
        assertThat(view.list().metricsIntervalSeconds()).isEqualTo(60);
        view.apply(withInterval("u1", 10), 15_000);
        view.apply(withInterval("u2", 10), 15_000);
        view.apply(withInterval("u3", 99), 15_000);
        assertThat(view.list().metricsIntervalSeconds()).isEqualTo(10);

        for (String uid : List.of("u1", "u2", "u3")) {
            view.leave(leave(uid, 2));
        }

        assertThat(view.list().nodes()).isEmpty();
        assertThat(view.list().metricsIntervalSeconds()).isEqualTo(10);
    }

    @Test
    void apply_higherSeqWinsInWhicheverOrder() {
        assertThat(view.apply(beat("u1", "new", 5, 15_000), 15_000)).isEqualTo(Change.JOINED);
        assertThat(view.apply(beat("u1", "late", 4, 15_000), 15_000)).isEqualTo(Change.OUTDATED);
        assertThat(view.apply(beat("u1", "doubled", 5, 15_000), 15_000)).isEqualTo(Change.OUTDATED);
        assertThat(view.list().nodes().get(0).name()).isEqualTo("new");

        assertThat(view.apply(beat("u1", "newer", 6, 15_000), 15_000)).isEqualTo(Change.UPDATED);
        assertThat(view.list().nodes().get(0).name()).isEqualTo("newer");
    }

    @Test
    void apply_entryIsEncodedOnArrival() {
        view.apply(beat("u1", 1), 15_000);

        assertThat(view.list().nodes().get(0).entry())
                .isEqualTo(codec.encodeNode(beat("u1", 1).snapshot()));
    }

    @Test
    void apply_fullViewRefusesNewNodesOnly() {
        ClusterView small = new ClusterView(codec, ticker, 2);
        small.apply(beat("u1", 1), 15_000);
        small.apply(beat("u2", 1), 15_000);

        assertThat(small.apply(beat("u3", 1), 15_000)).isEqualTo(Change.REFUSED);
        assertThat(small.apply(beat("u1", 2), 15_000)).isEqualTo(Change.UPDATED);
        small.leave(leave("u2", 2));
        assertThat(small.apply(beat("u3", 2), 15_000)).isEqualTo(Change.JOINED);
    }

    @Test
    void leave_lateMessageDoesNotBringItBack() {
        view.apply(beat("u1", 5), 15_000);

        assertThat(view.leave(leave("u1", 6))).isPresent();

        assertThat(view.apply(beat("u1", 4), 15_000)).isEqualTo(Change.OUTDATED);
        assertThat(view.apply(beat("u1", 6), 15_000)).isEqualTo(Change.OUTDATED);
        assertThat(view.size()).isZero();
        assertThat(view.apply(beat("u1", 7), 15_000)).isEqualTo(Change.JOINED);
    }

    @Test
    void leave_ofAnEarlierLifeChangesNothing() {
        view.apply(beat("u1", 5), 15_000);

        assertThat(view.leave(leave("u1", 4))).isEmpty();
        assertThat(view.size()).isEqualTo(1);
    }

    @Test
    void leave_unknownNodeIsRememberedToo() {
        assertThat(view.leave(leave("u1", 6))).isEmpty();
        assertThat(view.apply(beat("u1", 5), 15_000)).isEqualTo(Change.OUTDATED);
    }

    @Test
    void leave_memoryIsBounded() {
        for (int i = 0; i < 20_000; i++) {
            view.leave(leave("u" + i, 6));
        }

        assertThat(view.apply(beat("u0", 5), 15_000))
                .as("the eldest is forgotten")
                .isEqualTo(Change.JOINED);
        assertThat(view.apply(beat("u19999", 5), 15_000)).isEqualTo(Change.OUTDATED);
    }

    @Test
    void overdue_afterWhatItIsGoodFor() {
        view.apply(beat("short", 1), 1_000);
        view.apply(beat("long", 1), 2_000);
        ticker.advance(Duration.ofMillis(1_000));
        assertThat(view.overdue()).isEmpty();

        ticker.advance(Duration.ofMillis(1));
        assertThat(view.overdue()).extracting(LiveNode::uid).containsExactly("short");

        view.apply(beat("short", 2), 1_000);
        assertThat(view.overdue()).isEmpty();
    }

    @Test
    void overdue_knownBeatWithMoreLifeIsNotOverdue() {
        view.apply(beat("u1", 1), 1_000);
        ticker.advance(Duration.ofSeconds(2));

        view.apply(beat("u1", 1), 500);

        assertThat(view.overdue()).isEmpty();
    }

    @Test
    void renewDeadlines_everyoneHasItsTtlAgainAndNobodyLess() {
        view.apply(beat("short", "short", 1, 1_000), 10);
        view.apply(beat("long", "long", 1, 60_000), 60_000);
        ticker.advance(Duration.ofSeconds(5));

        view.renewDeadlines();

        ticker.advance(Duration.ofMillis(1_000));
        assertThat(view.overdue()).isEmpty();
        ticker.advance(Duration.ofMillis(1));
        assertThat(view.overdue()).extracting(LiveNode::uid).containsExactly("short");
    }

    @Test
    void evict_notIfItHasBeenHeardOfSince() {
        view.apply(beat("u1", 1), 1_000);
        view.apply(beat("u1", 2), 1_000);

        assertThat(view.evict("u1", 1)).isEmpty();
        assertThat(view.evict("u1", 2)).isPresent();
        assertThat(view.evict("u1", 2)).isEmpty();
        assertThat(view.apply(beat("u1", 2), 1_000))
                .as("lost is not left: it may come back")
                .isEqualTo(Change.JOINED);
    }

    private List<String> uids() {
        return view.list().nodes().stream().map(LiveNode::uid).toList();
    }

    private static SnapshotEnvelope withInterval(String uid, long seconds) {
        return new SnapshotEnvelope(1, 15_000, seconds, null, Snapshots.snapshot(uid, uid));
    }
}
