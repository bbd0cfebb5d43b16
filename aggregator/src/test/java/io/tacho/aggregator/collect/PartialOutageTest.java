// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import static io.tacho.testing.Snapshots.beat;
import static io.tacho.testing.Snapshots.leave;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeChange;
import io.tacho.aggregator.view.NodeState;
import io.tacho.aggregator.view.ViewCursor;
import io.tacho.aggregator.view.ViewStatus;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.MembershipEvent;
import io.tacho.store.Partitions;
import io.tacho.store.SnapshotPublisher;
import io.tacho.testing.CapturedLog;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Three partitions, of which one or more fail. */
@Isolated("reads the log")
class PartialOutageTest {

    private static final Duration TTL = Duration.ofSeconds(15);
    private static final Duration CHECK = Duration.ofMillis(100);
    private static final Partitions PARTITIONS = new Partitions(3);

    private final ManualScheduler ticker = new ManualScheduler();
    private final InMemoryTransport transport = new InMemoryTransport(ticker, PARTITIONS);
    private final SnapshotPublisher publisher = transport.publisher();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 100, PARTITIONS, Long.MAX_VALUE);
    private CapturedLog log;
    private Collector collector;
    private long seq;

    @BeforeEach
    void create() {
        log = CapturedLog.of(Collector.class);
        collector = new Collector(transport.source(), view, ticker, Duration.ofSeconds(1), ticker);
    }

    @AfterEach
    void close() {
        collector.close();
        log.close();
    }

    private void start() {
        collector.start();
        ticker.advance(CHECK);
        assertThat(view.status()).isEqualTo(new ViewStatus(true, Duration.ZERO, 3, 0));
    }

    /** Returns a uid of the partition. */
    private static String uid(int partition, String name) {
        return IntStream.range(0, 100)
                .mapToObj(i -> name + i)
                .filter(uid -> PARTITIONS.of(uid) == partition)
                .findFirst()
                .orElseThrow();
    }

    private void publish(String... uids) {
        for (String uid : uids) {
            publisher.publish(beat(uid, ++seq));
        }
        ticker.runPending();
    }

    private List<String> uids() {
        return view.nodeList().nodes().stream().map(KnownNode::uid).toList();
    }

    private NodeState stateOf(String uid) {
        return view.find(uid).orElseThrow().stateAt(ticker.getAsLong());
    }

    @Test
    void disconnectedPartition_itsNodesAreStaleUntilReconnect_othersAreUnaffected() {
        start();
        String affected = uid(0, "a");
        String dying = uid(1, "b");
        String leaving = uid(2, "c");
        publish(affected, dying, leaving);

        transport.disconnect(0);
        String joining = uid(2, "d");
        publish(joining);
        publisher.leave(leave(leaving, ++seq));
        ticker.advance(TTL.minusSeconds(1));
        publish(joining);
        ticker.advance(Duration.ofSeconds(2));

        assertThat(uids()).containsExactlyInAnyOrder(affected, joining);
        assertThat(stateOf(affected)).isEqualTo(NodeState.STALE);
        assertThat(stateOf(joining)).isEqualTo(NodeState.LIVE);
        assertThat(view.status()).isEqualTo(new ViewStatus(true, TTL.plusSeconds(1), 3, 1));
        assertThat(view.disconnectedNodeCount()).isEqualTo(1);
        assertThat(view.metrics().eventTotal(MembershipEvent.LOST)).isEqualTo(1);
        assertThat(view.metrics().eventTotal(MembershipEvent.LEFT)).isEqualTo(1);
        assertThat(log.warnings())
                .containsExactly("1 of 3 partitions are disconnected: keeping the last view of their 1 nodes");

        transport.reconnect(0);
        ticker.advance(CHECK);

        assertThat(stateOf(affected)).isEqualTo(NodeState.LIVE);
        assertThat(view.status()).isEqualTo(new ViewStatus(true, Duration.ZERO, 3, 0));
        assertThat(log.lines()).endsWith("INFO following 2 nodes");
    }

    @Test
    void nodeDiedInADisconnectedPartition_isLostOneTtlAfterReconnect() {
        start();
        String dead = uid(0, "a");
        publish(dead);
        transport.disconnect(0);
        ticker.advance(TTL.multipliedBy(10));
        assertThat(uids()).containsExactly(dead);

        transport.reconnect(0);
        ticker.advance(TTL);
        assertThat(uids()).containsExactly(dead);
        ticker.advance(CHECK.multipliedBy(2));

        assertThat(uids()).isEmpty();
        assertThat(view.metrics().eventTotal(MembershipEvent.LOST)).isEqualTo(1);
    }

    @Test
    void partitionThatDoesNotRespond_doesNotAffectOthers() {
        start();
        String affected = uid(0, "a");
        String dying = uid(1, "b");
        publish(affected, dying);

        transport.freeze(0, true);
        ticker.advance(TTL.plus(CHECK));

        assertThat(uids()).containsExactly(affected);
        assertThat(view.status().isReady()).isTrue();
        assertThat(view.status().disconnected()).isEqualTo(1);
        assertThat(log.warnings())
                .contains("1 of 3 partitions are disconnected: keeping the last view of their 1 nodes: frozen");
        String joining = uid(2, "c");
        publish(joining);
        assertThat(uids()).containsExactlyInAnyOrder(affected, joining);

        transport.freeze(0, false);
        ticker.advance(Duration.ofSeconds(1));
        assertThat(view.status().isComplete()).isTrue();
        assertThat(stateOf(affected)).isEqualTo(NodeState.LIVE);
    }

    @Test
    void allDisconnected_notReadyUntilOneReconnects() {
        start();
        publish(uid(0, "a"), uid(1, "b"), uid(2, "c"));

        transport.disconnect();
        ticker.advance(TTL.multipliedBy(2));
        assertThat(view.status()).isEqualTo(new ViewStatus(false, TTL.multipliedBy(2), 3, 3));
        assertThat(view.size()).isEqualTo(3);
        assertThat(log.warnings()).containsExactly("Redis is disconnected: keeping the last view of 3 nodes");

        transport.reconnect(1);
        ticker.advance(CHECK);

        assertThat(view.status().isReady()).isTrue();
        assertThat(view.status().disconnected()).isEqualTo(2);
        assertThat(view.disconnectedNodeCount()).isEqualTo(2);
    }

    @Test
    void restartedNode_predecessorInADisconnectedPartition_bothAreListed() {
        start();
        String predecessor = uid(0, "a");
        publisher.publish(beat(predecessor, "chat", ++seq, TTL.toMillis()));
        ticker.runPending();
        transport.disconnect(0);
        ticker.advance(TTL.multipliedBy(2));

        String successor = uid(1, "b");
        publisher.publish(beat(successor, "chat", ++seq, TTL.toMillis()));
        ticker.runPending();
        ticker.advance(CHECK);

        assertThat(uids()).containsExactlyInAnyOrder(predecessor, successor);
        assertThat(view.metrics().eventTotal(MembershipEvent.RESTARTED)).isZero();
    }

    @Test
    void start_disconnectedPartition_readyWithTheOthers_noJoinEventsOnReconnect() {
        String affected = uid(0, "a");
        String other = uid(1, "b");
        publish(affected, other);
        transport.disconnect(0);

        collector.start();
        ticker.advance(Duration.ofMillis(2_900));
        assertThat(view.status().isReady())
                .as("the partition may still be subscribed")
                .isFalse();
        ticker.advance(Duration.ofMillis(200));

        assertThat(view.status()).isEqualTo(new ViewStatus(true, Duration.ofMillis(3_100), 3, 1));
        assertThat(uids()).containsExactly(other);
        assertThat(view.isEveryPartitionLoadedOnce()).isFalse();
        assertThat(log.warnings())
                .containsExactly("1 of 3 partitions are disconnected: keeping the last view of their 0 nodes");

        transport.reconnect(0);
        ticker.advance(CHECK);
        String joining = uid(0, "c");
        publish(joining);

        assertThat(uids()).containsExactlyInAnyOrder(affected, other, joining);
        assertThat(view.isEveryPartitionLoadedOnce()).isTrue();
        assertThat(view.membershipChangesAfter(ViewCursor.SINCE_READY).changes())
                .extracting(change -> change.kind() + " " + change.node().uid())
                .containsExactly(NodeChange.Kind.JOINED + " " + joining);
    }

    @Test
    void start_partitionThatDoesNotRespond_readyWithTheOthers() {
        transport.freeze(2, true);

        collector.start();
        ticker.advance(Duration.ofMillis(3_100));

        assertThat(view.status().isReady()).isTrue();
        assertThat(view.status().disconnected()).isEqualTo(1);
    }
}
