// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.view.detail.NodeDetail;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.NodeStatus;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.ManualTicker;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the sorted nodes, their names, and the readers of their changes with models. */
class SortedNodesTest {

    private final SortedNodes nodes = new SortedNodes();

    private static KnownNode node(SnapshotEnvelope beat, long beatNanos) {
        return new KnownNode(beat, NodeDetail.NONE, null, 15_000, beatNanos, beatNanos + 1);
    }

    private static KnownNode node(String uid, String name) {
        return node(Snapshots.beat(uid, name, 1, 15_000), 0);
    }

    private NodeHolder add(KnownNode node) {
        NodeHolder holder = new NodeHolder(node, 0, 0);
        nodes.add(holder);
        return holder;
    }

    @Test
    void randomOperations_matchASortedList() {
        Random random = new Random(17);
        Map<String, NodeHolder> holders = new HashMap<>();
        for (int i = 0; i < 4_000; i++) {
            String uid = "u" + random.nextInt(40);
            KnownNode node = node(uid, "n" + random.nextInt(15));
            NodeHolder known = holders.get(uid);
            if (known == null) {
                holders.put(uid, add(node));
            } else if (random.nextBoolean()) {
                nodes.remove(known.node());
                known.replace(node);
                nodes.add(known);
            } else {
                nodes.remove(known.node());
                nodes.remove(known.node());
                holders.remove(uid);
            }

            List<KnownNode> expected = holders.values().stream()
                    .map(NodeHolder::node)
                    .sorted(Comparator.comparing(KnownNode::name).thenComparing(KnownNode::uid))
                    .toList();
            Map<String, List<KnownNode>> duplicates = expected.stream()
                    .collect(Collectors.groupingBy(KnownNode::name, TreeMap::new, Collectors.toList()));
            duplicates.values().removeIf(sharing -> sharing.size() < 2);
            assertThat(nodes.nodes()).isEqualTo(expected);
            assertThat(nodes.nodesByDuplicateName()).isEqualTo(duplicates);
        }
    }

    @Test
    void updatedNode_isListedWithoutSortingAgain() {
        NodeHolder holder = add(node("a", "n"));
        List<KnownNode> before = nodes.nodes();
        KnownNode newer = node(Snapshots.beat("a", "n", 2, 15_000), 5);
        holder.replace(newer);

        assertThat(nodes.nodes()).containsExactly(newer);
        assertThat(before).as("an immutable list").extracting(KnownNode::seq).containsExactly(1L);
    }

    private static KnownNode onHost(String uid, String host, long intervalMillis, long beatMillis) {
        return node(
                SnapshotEnvelope.builder(Snapshots.snapshot(uid, "chat"))
                        .seq(1)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(60)
                        .status(new NodeStatus(host, intervalMillis, false))
                        .build(),
                Duration.ofMillis(beatMillis).toNanos());
    }

    /** The successor has an interval of one second and its last beat at 10 s, which is the current time. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "h1, 1000, 8299, true",
                "h1, 1000, 8300, false",
                "h1, 4000, 3799, true",
                "h1, 4000, 3800, false",
                "h1, 0, 0, false",
                "h2, 1000, 0, false",
                "-, 1000, 0, false",
            })
    void silentNode_successorOfTheSameNameAndHost_replacesIt(
            String host, long interval, long beatMillis, boolean replaced) {
        KnownNode silent = onHost("old", host, interval, beatMillis);
        add(silent);
        add(onHost("new", "h1", 1_000, 10_000));

        List<KnownNode> found = nodes.nodesToReplace(Duration.ofSeconds(10).toNanos());

        assertThat(found).isEqualTo(replaced ? List.of(silent) : List.of());
    }

    @Test
    void silentNodes_withoutALiveSuccessor_stay() {
        add(onHost("a", "h1", 1_000, 0));
        add(onHost("b", "h1", 1_000, 100));

        assertThat(nodes.nodesToReplace(Duration.ofSeconds(10).toNanos())).isEmpty();
    }

    @Test
    void holder_partitionsChange_isInBoth() {
        NodeHolder moving = new NodeHolder(node("a", "n"), 3, 1);

        assertThat(moving.placement().isIn(partition -> partition == 3)).isTrue();
        assertThat(moving.placement().isIn(partition -> partition == 1)).isTrue();
        assertThat(moving.placement().isIn(partition -> partition == 0)).isFalse();
        assertThat(new NodeHolder(node("a", "n"), 2, 2).placement().isIn(partition -> partition == 2))
                .isTrue();
    }

    /** A reader of the changes with its own batch size. */
    private static final class Reader {
        private final int limit;
        private final Map<String, Long> seqs = new TreeMap<>();
        private final List<String> membership = new ArrayList<>();
        private ViewCursor cursor = ViewCursor.START;

        Reader(int limit) {
            this.limit = limit;
        }

        int read(ClusterView view) {
            ChangeBatch batch = view.changesAfter(cursor, limit).orElseThrow();
            cursor = batch.next();
            for (NodeChange change : batch.changes()) {
                if (change.kind().membershipEvent() != null) {
                    membership.add(change.version() + " " + change.kind() + " "
                            + change.node().uid());
                }
                if (change.kind().isDeparture()) {
                    seqs.remove(change.node().uid());
                } else {
                    seqs.put(change.node().uid(), change.node().seq());
                }
            }
            return batch.changes().size();
        }
    }

    private static SnapshotEnvelope beat(String uid, long seq, boolean draining) {
        return SnapshotEnvelope.builder(Snapshots.snapshot(uid, "name"))
                .seq(seq)
                .ttlMillis(15_000)
                .metricsIntervalSeconds(60)
                .status(new NodeStatus(null, 0, draining, null, Map.of(), QualityFlags.NONE))
                .build();
    }

    @Test
    void readers_anyBatchSize_reachTheStateOfTheView_withoutMissedChanges() {
        Random random = new Random(19);
        ClusterView view = new ClusterView(new SnapshotCodec(), new ManualTicker(), 1_000);
        List<Reader> readers =
                List.of(new Reader(1), new Reader(2), new Reader(7), new Reader(100), new Reader(10_000));
        Map<String, Long> expected = new TreeMap<>();
        Map<String, Boolean> draining = new HashMap<>();
        List<String> membership = new ArrayList<>();
        for (long seq = 1; seq <= 6_000; seq++) {
            String uid = "u" + random.nextInt(30);
            String next = (view.version() + 1) + " ";
            if (!expected.containsKey(uid)) {
                view.onLoaded(new StoredSnapshot(beat(uid, seq, false), 15_000));
                membership.add(next + "JOINED " + uid);
                expected.put(uid, seq);
                draining.put(uid, false);
            } else if (random.nextInt(20) == 0) {
                boolean leaves = random.nextBoolean();
                if (leaves) {
                    view.onLeave(new LeaveEnvelope(uid, seq));
                } else {
                    view.evict(view.find(uid).orElseThrow());
                }
                membership.add(next + (leaves ? "LEFT " : "LOST ") + uid);
                expected.remove(uid);
            } else {
                boolean drains = random.nextInt(10) == 0;
                view.onBeat(beat(uid, seq, drains));
                if (drains && !draining.get(uid)) {
                    membership.add(next + "DRAINING " + uid);
                }
                expected.put(uid, seq);
                draining.put(uid, drains);
            }
            readers.get(random.nextInt(readers.size())).read(view);
        }
        for (Reader reader : readers) {
            while (reader.read(view) > 0) {
                assertThat(reader.cursor.version()).isLessThanOrEqualTo(view.version());
            }
            assertThat(reader.seqs).as("batches of %d", reader.limit).isEqualTo(expected);
            assertThat(reader.membership).as("batches of %d", reader.limit).isEqualTo(membership);
        }
    }
}
