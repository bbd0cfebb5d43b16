// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import static io.tacho.testing.Snapshots.leave;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.view.detail.DetailStatus;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.store.Partitions;
import io.tacho.store.StoredSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DetailBudgetTest extends DetailBudgetTestBase {

    @Test
    void beatWithoutDetail_sameWindow_retainsItsDetail() {
        join("a");
        Extras extras = new Extras(Map.of("n", Extra.gauge(7)));

        view.onBeat(beat("a", 1, WindowDetail.NONE));
        assertThat(known("a")).isEqualTo(detail("a", 1, PART));
        view.onBeat(beat("a", 1, WindowDetail.NONE.withExtras(extras)));
        assertThat(known("a")).isEqualTo(detail("a", 1, PART).withExtras(extras));
        view.onBeat(beat("a", 2, WindowDetail.NONE));
        assertThat(known("a")).as("of a new window").isEqualTo(WindowDetail.NONE);
    }

    @Test
    void beatWithoutDetail_droppedDetail_staysDropped() {
        join("a");
        join("b");
        join("c");
        join("d");
        assertThat(nodesWithDetail()).containsExactly("b", "c", "d");

        view.onBeat(beat("a", 1, WindowDetail.NONE.withExtras(new Extras(Map.of("n", Extra.gauge(7))))));

        assertThat(nodesWithDetail()).containsExactly("b", "c", "d");
        assertThat(view.detailStatus().droppedNodes()).isEqualTo(1);
        publish("a", 2);
        assertThat(known("a")).isEqualTo(detail("a", 2, PART));
    }

    @Test
    void beatWithoutDetail_storeEntry_addsTheDetail() {
        join("a");
        SnapshotEnvelope message = beat("a", 2, WindowDetail.NONE);
        view.onBeat(message);
        SnapshotEnvelope entry = SnapshotEnvelope.builder(message.snapshot())
                .seq(message.seq())
                .ttlMillis(15_000)
                .metricsIntervalSeconds(60)
                .window(message.window())
                .detail(detail("a", 2, PART))
                .build();

        assertThat(view.onLoaded(new StoredSnapshot(entry, 15_000))).isEqualTo(BeatEffect.UPDATED);
        assertThat(known("a")).isEqualTo(detail("a", 2, PART));
        assertThat(view.onLoaded(new StoredSnapshot(entry, 15_000))).as("again").isEqualTo(BeatEffect.OUTDATED);
    }

    @Test
    void withinTheBudget_everythingIsRetained() {
        join("a");
        join("b");
        join("c");

        assertThat(nodesWithDetail()).containsExactly("a", "b", "c");
        assertThat(view.find("a").orElseThrow().detail()).isEqualTo(detail("a", 1, PART));
        assertThat(view.detailStatus())
                .returns(3, DetailStatus::nodes)
                .returns(0, DetailStatus::droppedNodes)
                .returns(0L, DetailStatus::drops);
    }

    @Test
    void beyondTheBudget_detailOfTheOldestBeatIsDropped_andCounted() {
        join("a");
        join("b");
        join("c");
        publish("a", 1);

        join("d");

        assertThat(nodesWithDetail()).containsExactly("a", "c", "d");
        assertThat(view.size()).isEqualTo(4);
        assertThat(view.detailStatus())
                .returns(3, DetailStatus::nodes)
                .returns(1, DetailStatus::droppedNodes)
                .returns(1L, DetailStatus::drops);
    }

    @Test
    void beyondTheBudget_detailOfADepartedNodeIsDroppedFirst() {
        join("a");
        join("b");
        join("c");
        view.onLeave(leave("c", ++seq));

        join("d");

        assertThat(nodesWithDetail()).containsExactly("a", "b", "d");
        assertThat(view.detailStatus().drops()).isZero();
    }

    @Test
    void beyondTheBudget_detailOfAnEarlierWindowIsDroppedFirst() {
        join("a");
        join("b");
        join("c");

        publish("c", 2);

        assertThat(nodesWithDetail()).containsExactly("a", "b", "c");
        assertThat(view.find("c").orElseThrow().detail()).isEqualTo(detail("c", 2, PART));
        assertThat(view.detailStatus().drops()).isZero();
    }

    @Test
    void dropped_beatsOfTheSameWindow_dropNoOthers_nextWindowDoes() {
        join("a");
        join("b");
        join("c");
        join("d");

        publish("a", 1);
        assertThat(nodesWithDetail()).containsExactly("b", "c", "d");
        assertThat(view.detailStatus()).returns(1, DetailStatus::droppedNodes).returns(1L, DetailStatus::drops);

        publish("a", 2);
        assertThat(nodesWithDetail()).containsExactly("a", "c", "d");
        assertThat(view.detailStatus()).returns(1, DetailStatus::droppedNodes).returns(2L, DetailStatus::drops);
    }

    @Test
    void dropped_roomAvailable_isRetainedAgain() {
        join("a");
        join("b");
        join("c");
        join("d");
        view.onLeave(leave("d", ++seq));

        publish("a", 1);

        assertThat(nodesWithDetail()).containsExactly("a", "b", "c");
        assertThat(view.detailStatus().droppedNodes()).isZero();
    }

    @Test
    void repeatedBeat_detailIsRetainedOnce() {
        join("a");
        WindowDetail first = view.find("a").orElseThrow().detail();
        long bytes = view.detailStatus().bytes();

        publish("a", 1);

        assertThat(view.find("a").orElseThrow().detail()).isSameAs(first);
        assertThat(view.detailStatus().bytes()).isEqualTo(bytes);
    }

    @Test
    void replacedDetail_isReadableFromAnEarlierList_thenReleased() {
        join("a");
        join("b");
        List<KnownNode> earlier = view.nodeList().nodes();
        publish("a", 2);
        view.onLeave(leave("b", ++seq));
        assertThat(earlier).allSatisfy(node -> assertThat(node.detail().size()).isPositive());

        ticker.advance(GRACE);
        view.suspects();

        assertThat(earlier).allSatisfy(node -> assertThat(node.detail()).isEqualTo(WindowDetail.NONE));
        assertThat(nodesWithDetail()).containsExactly("a");
        assertThat(view.detailStatus().nodes()).isEqualTo(1);
        assertThat(view.detailStatus().bytes()).isLessThan(roomFor(1));
    }

    @Test
    void noBudget_nothingIsRetained() {
        ClusterView none = new ClusterView(new SnapshotCodec(), ticker, 10, Partitions.ONE, 0);

        none.onLoaded(new StoredSnapshot(beat("a", 1, detail("a", 1, PART)), 15_000));

        assertThat(none.find("a").orElseThrow().detail()).isEqualTo(WindowDetail.NONE);
        assertThat(none.detailStatus()).isEqualTo(new DetailStatus(0, 0, 0, 1, 1));
    }

    @Test
    void randomOperations_budgetIsNeverExceeded_andCountsMatch() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            String uid = "u" + random.nextInt(20);
            int size = random.nextInt(4) == 0 ? 0 : 2 + random.nextInt(PART);
            WindowDetail times = size == 0 ? WindowDetail.NONE : detail(uid, i / 1_000, i % 2 == 0 ? size : PART);
            Extras extras = random.nextInt(3) == 0 ? numbers(random.nextInt(20)) : Extras.NONE;
            WindowDetail detail = new WindowDetail(times.timeApi(), null, times.users(), null, extras);
            SnapshotEnvelope beat = beat(uid, i / 1_000, detail);
            switch (random.nextInt(8)) {
                case 0 -> view.onLeave(leave(uid, ++seq));
                case 1 -> view.find(uid).ifPresent(view::evict);
                case 2 -> view.find(uid).ifPresent(node -> view.confirm(node, new StoredSnapshot(beat, 15_000)));
                case 3 -> view.onLoaded(new StoredSnapshot(beat, 15_000));
                default -> view.onBeat(beat);
            }
            ticker.advance(Duration.ofMillis(random.nextInt(200)));

            DetailStatus status = view.detailStatus();
            assertThat(status.bytes()).isBetween(0L, status.maxBytes());
            assertThat(status.nodes()).isEqualTo(nodesWithDetail().size());
            assertThat(status.droppedNodes()).isEqualTo((int) view.nodeList().nodes().stream()
                    .filter(node -> node.heldDetail().isDropped())
                    .count());
        }
        assertThat(view.detailStatus().drops()).isPositive();
    }
}
