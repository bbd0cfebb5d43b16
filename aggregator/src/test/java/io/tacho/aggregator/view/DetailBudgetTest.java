// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import static io.tacho.testing.Snapshots.leave;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeStatus;
import io.tacho.model.QualityFlags;
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
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DetailBudgetTest {

    private static final Duration GRACE = Duration.ofMillis(2_001);
    private static final int PART = 1_000;

    private final ManualTicker ticker = new ManualTicker();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 1_000, Partitions.ONE, roomFor(3));
    private long seq;

    /** The memory of that number of details and of a half: estimates of the overhead do not matter. */
    private static long roomFor(int details) {
        return details * (2 * PART + 300) + PART;
    }

    /** Equal for one node and window. */
    private static WindowDetail detail(String uid, int window, int bytes) {
        byte[] times = new byte[bytes];
        times[0] = (byte) window;
        times[1] = (byte) uid.hashCode();
        return new WindowDetail(Encoded.histogram(times), null, Encoded.hyperLogLog(times.clone()), null);
    }

    private SnapshotEnvelope beat(String uid, int window, WindowDetail detail) {
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

    private void join(String uid) {
        SnapshotEnvelope beat = beat(uid, 1, detail(uid, 1, PART));
        view.onLoaded(new StoredSnapshot(beat, 15_000));
    }

    private void publish(String uid, int window) {
        assertThat(view.onBeat(beat(uid, window, detail(uid, window, PART)))).isEqualTo(BeatEffect.UPDATED);
    }

    private List<String> nodesWithDetail() {
        return view.nodeList().nodes().stream()
                .filter(node -> node.detail().size() > 0)
                .map(KnownNode::uid)
                .toList();
    }

    private WindowDetail known(String uid) {
        return view.find(uid).orElseThrow().detail();
    }

    @Test
    void beatThatLeavesOutHistogramsAndSketches_keepsThoseOfItsWindow() {
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
    void beatThatLeavesOutHistogramsAndSketches_doesNotBringBackWhatWasDropped() {
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
    void entryOfABeatWhoseMessageLeftThemOut_completesIt() {
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
    void beyondTheBudget_thatOfTheOldestBeatIsDropped_andCounted() {
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
    void beyondTheBudget_thatOfANodeThatIsGoneIsDroppedFirst() {
        join("a");
        join("b");
        join("c");
        view.onLeave(leave("c", ++seq));

        join("d");

        assertThat(nodesWithDetail()).containsExactly("a", "b", "d");
        assertThat(view.detailStatus().drops()).isZero();
    }

    @Test
    void beyondTheBudget_thatOfAnEarlierWindowIsDroppedFirst() {
        join("a");
        join("b");
        join("c");

        publish("c", 2);

        assertThat(nodesWithDetail()).containsExactly("a", "b", "c");
        assertThat(view.find("c").orElseThrow().detail()).isEqualTo(detail("c", 2, PART));
        assertThat(view.detailStatus().drops()).isZero();
    }

    @Test
    void dropped_beatsOfTheSameWindowDoNotDropOthers_thoseOfTheNextDo() {
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
    void dropped_retainedAgainWhenThereIsRoom() {
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
    void repeated_isRetainedOnce() {
        join("a");
        WindowDetail first = view.find("a").orElseThrow().detail();
        long bytes = view.detailStatus().bytes();

        publish("a", 1);

        assertThat(view.find("a").orElseThrow().detail()).isSameAs(first);
        assertThat(view.detailStatus().bytes()).isEqualTo(bytes);
    }

    @Test
    void replaced_availableToReadersOfAnEarlierListForAWhile_thenReleased() {
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
    void membershipChanges_retainNeitherDetailNorEntriesNorTotals_andCountTheirLabels() {
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

    private static Extras numbers(int count) {
        Map<String, Extra> numbers = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            numbers.put("number_" + i, Extra.counter(i, 1_000L + i));
        }
        return new Extras(numbers);
    }

    private void joinWithNumbers(String uid, int count) {
        WindowDetail detail = new WindowDetail(null, null, null, null, numbers(count));
        view.onLoaded(new StoredSnapshot(beat(uid, 1, detail), 15_000));
    }

    private Extras extrasOf(String uid) {
        return view.find(uid).orElseThrow().detail().extras();
    }

    @Test
    void dropped_extraValuesThatAreNumbersRemain() {
        Extra number = Extra.gauge(7);
        Extra times = new Extra(Extra.TIMER, Extra.HISTOGRAM, 0, null, Encoded.histogram(new byte[4 * PART]));
        WindowDetail detail = new WindowDetail(null, null, null, null, new Extras(Map.of("a", number, "b", times)));
        ClusterView small = new ClusterView(new SnapshotCodec(), ticker, 10, Partitions.ONE, PART);

        small.onLoaded(new StoredSnapshot(beat("a", 1, detail), 15_000));

        assertThat(small.find("a").orElseThrow().detail().extras()).isEqualTo(new Extras(Map.of("a", number)));
        assertThat(small.detailStatus()).returns(1, DetailStatus::droppedNodes).returns(1L, DetailStatus::drops);
        assertThat(small.detailStatus().bytes()).isPositive();
    }

    @Test
    void numbers_countInTheBudget_andDropHistogramsFirst() {
        join("a");
        join("b");
        join("c");

        joinWithNumbers("d", 20);

        assertThat(nodesWithDetail()).containsExactly("b", "c");
        assertThat(extrasOf("d")).isEqualTo(numbers(20));
        assertThat(view.detailStatus().droppedNodes()).isEqualTo(1);
    }

    @Test
    void numbersOnly_beyondTheBudget_thoseOfTheOldestBeatAreDropped_andCounted() {
        joinWithNumbers("a", 30);
        joinWithNumbers("b", 30);
        view.onBeat(beat("a", 1, new WindowDetail(null, null, null, null, numbers(30))));

        joinWithNumbers("c", 30);

        assertThat(extrasOf("a")).isEqualTo(numbers(30));
        assertThat(extrasOf("b")).isEqualTo(Extras.NONE);
        assertThat(extrasOf("c")).isEqualTo(numbers(30));
        assertThat(view.detailStatus()).returns(1, DetailStatus::droppedNodes).returns(1L, DetailStatus::drops);
    }

    /** The estimate is not below what the objects take in a heap with compressed pointers. */
    @Test
    void numbers_ofManyNodes_takeNoMoreMemoryThanTheBudget() {
        long budget = 1_000_000;
        ClusterView many = new ClusterView(new SnapshotCodec(), ticker, 10_000, Partitions.ONE, budget);
        for (int i = 0; i < 2_000; i++) {
            WindowDetail detail = new WindowDetail(null, null, null, null, numbers(Extras.MAX_EXTRAS));
            many.onLoaded(new StoredSnapshot(beat("n" + i, 1, detail), 15_000));
        }

        long retained = many.nodeList().nodes().stream()
                .mapToLong(node -> node.detail().extras().byName().size())
                .sum();
        assertThat(many.size()).isEqualTo(2_000);
        assertThat(retained * 100).as("100 bytes each").isBetween(budget / 2, budget);
        assertThat(many.detailStatus().droppedNodes()).isGreaterThan(1_500);
    }

    @Test
    void noBudget_nothingIsRetained() {
        ClusterView none = new ClusterView(new SnapshotCodec(), ticker, 10, Partitions.ONE, 0);

        none.onLoaded(new StoredSnapshot(beat("a", 1, detail("a", 1, PART)), 15_000));

        assertThat(none.find("a").orElseThrow().detail()).isEqualTo(WindowDetail.NONE);
        assertThat(none.detailStatus()).isEqualTo(new DetailStatus(0, 0, 0, 1, 1));
    }

    @Test
    void anyOrder_neverMoreThanTheBudget_andTheCountsAreThoseOfTheNodes() {
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
