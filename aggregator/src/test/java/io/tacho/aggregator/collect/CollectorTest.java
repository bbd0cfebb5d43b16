// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import static io.tacho.testing.Snapshots.beat;
import static io.tacho.testing.Snapshots.leave;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Envelope.Conflict;
import io.tacho.model.Envelope.Writer;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.MalformedSnapshotException.Reason;
import io.tacho.model.MembershipEvent;
import io.tacho.store.SnapshotPublisher;
import io.tacho.testing.CapturedLog;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("reads the log")
class CollectorTest {

    private static final Duration TTL = Duration.ofSeconds(15);

    private final ManualScheduler ticker = new ManualScheduler();
    private final InMemoryTransport transport = new InMemoryTransport(ticker);
    private final SnapshotPublisher publisher = transport.publisher();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 100);
    private Collector collector;

    @BeforeEach
    void create() {
        collector = new Collector(transport.source(), view, ticker, Duration.ofSeconds(1), ticker);
    }

    @AfterEach
    void close() {
        collector.close();
    }

    private void start() {
        collector.start();
        awaitReady();
    }

    /** Advances the clock to the next load attempt. */
    private void awaitReady() {
        ticker.advance(Duration.ofMillis(500));
        assertThat(view.status().isReady()).isTrue();
    }

    /** Advances the clock to the next check. */
    private void awaitCheck() {
        ticker.advance(Duration.ofMillis(100));
    }

    @Test
    void start_storedNodes_areInTheViewWhenReady() {
        publisher.publish(beat("u1", 1));
        publisher.publish(beat("u2", 1));

        start();

        assertThat(view.size()).isEqualTo(2);
        assertThat(view.status().staleFor()).isZero();
    }

    @Test
    void messages_addUpdateAndRemoveNodes() {
        start();

        join("u1");
        publisher.publish(beat("u1", 2));
        join("u2");
        publisher.leave(leave("u1", 3));

        assertThat(view.nodeList().nodes()).extracting(KnownNode::uid).containsExactly("u2");
        assertThat(view.metrics().eventTotal(MembershipEvent.JOINED)).isEqualTo(2);
        assertThat(view.metrics().eventTotal(MembershipEvent.LEFT)).isEqualTo(1);
    }

    @Test
    void leaveMessage_storeEntryExists_nodeReturnsWithTheNextBeat() {
        start();
        join("u1");

        collector.onLeave(leave("u1", 9_000_000_000_000L));
        assertThat(view.size()).isZero();
        ticker.advance(Duration.ofMillis(1));
        publisher.publish(beat("u1", 2));
        awaitCheck();

        assertThat(view.find("u1").orElseThrow().seq()).isEqualTo(2);
    }

    @Test
    void leaveMessage_beforeADelayedBeat_nodeStaysRemoved() {
        start();
        join("u1");
        publisher.leave(leave("u1", 3));
        ticker.advance(Duration.ofMillis(1));

        collector.onSnapshot(beat("u1", 2));
        awaitCheck();

        assertThat(view.size()).isZero();
        assertThat(view.metrics().eventTotal(MembershipEvent.JOINED)).isEqualTo(1);
    }

    @Test
    void silentNode_isLostAfterItsTtl_notBefore() {
        start();
        join("u1");

        ticker.advance(TTL);
        assertThat(view.size()).isEqualTo(1);

        awaitCheck();
        assertThat(view.size()).isZero();
        assertThat(view.metrics().eventTotal(MembershipEvent.LOST)).isEqualTo(1);
    }

    @Test
    void messagesLost_entriesAreRenewed_noNodeIsEvicted() {
        start();
        join("u1");
        transport.loseMessages(true);
        ticker.advance(Duration.ofSeconds(10));
        publisher.publish(beat("u1", 2));

        ticker.advance(Duration.ofSeconds(10));
        awaitCheck();

        assertThat(view.nodeList().nodes().get(0).envelope().seq()).isEqualTo(2);
        assertThat(view.metrics().eventTotal(MembershipEvent.LOST)).isZero();
    }

    @Test
    void sweep_nodeWithLostMessages_isAdded() {
        start();
        transport.loseMessages(true);
        publisher.publish(beat("u1", 1));
        assertThat(view.size()).isZero();

        ticker.advance(Duration.ofSeconds(1));

        assertThat(view.size()).isEqualTo(1);
    }

    @Test
    void disconnected_viewIsRetainedIndefinitely() {
        start();
        join("u1");

        transport.disconnect();
        ticker.advance(TTL.multipliedBy(100));

        assertThat(view.status().isReady()).isFalse();
        assertThat(view.status().staleFor()).isEqualTo(TTL.multipliedBy(100));
        assertThat(view.size()).isEqualTo(1);
    }

    @Test
    void redisNotResponding_viewIsRetainedAndStale() {
        start();
        join("u1");

        transport.freeze(true);
        ticker.advance(TTL.plusMillis(1));
        assertThat(view.status().isReady()).isFalse();
        ticker.advance(TTL);
        awaitCheck();

        assertThat(view.status().staleFor()).isGreaterThanOrEqualTo(TTL);
        assertThat(view.size()).isEqualTo(1);
    }

    @Test
    void redisRespondsAgain_noNodeIsEvictedWithinOneTtl() {
        start();
        join("u1");
        transport.freeze(true);
        ticker.advance(TTL.multipliedBy(2));
        assertThat(view.status().isReady()).isFalse();

        transport.freeze(false);
        awaitReady();
        awaitCheck();

        assertThat(view.size()).isEqualTo(1);
        assertThat(view.metrics().eventTotal(MembershipEvent.LOST)).isZero();
    }

    @Test
    void reconnected_emptyStore_silentNodesAreEvictedAfterOneTtl() {
        start();
        join("alive");
        join("dead");
        transport.disconnect();
        ticker.advance(TTL.multipliedBy(2));
        transport.flush();

        transport.reconnect();
        awaitReady();
        awaitCheck();
        assertThat(view.size()).isEqualTo(2);
        publisher.publish(beat("alive", 2));
        ticker.advance(TTL.plusMillis(1));
        publisher.publish(beat("alive", 3));

        awaitCheck();

        assertThat(view.size()).isEqualTo(1);
        assertThat(view.nodeList().nodes().get(0).uid()).isEqualTo("alive");
    }

    @Test
    void reconnected_newNode_isAdded() {
        start();
        transport.disconnect();
        transport.reconnect();
        awaitReady();

        join("u1");
    }

    @Test
    void flushed_nodesThatContinueToBeat_areNotLost() {
        start();
        join("u1");
        transport.flush();
        ticker.advance(Duration.ofSeconds(5));
        awaitCheck();
        publisher.publish(beat("u1", 2));
        ticker.advance(Duration.ofSeconds(12));
        awaitCheck();

        assertThat(view.size()).isEqualTo(1);
        assertThat(view.metrics().eventTotal(MembershipEvent.LOST)).isZero();
    }

    @Test
    void malformedMessages_areCountedByReason() {
        start();

        collector.onMalformed(new MalformedSnapshotException(Reason.NOT_JSON, "x"));
        collector.onMalformed(new MalformedSnapshotException(Reason.NOT_JSON, "x"));
        collector.onMalformed(new MalformedSnapshotException(Reason.NO_TTL, "x"));

        assertThat(view.metrics().malformed()).isEqualTo(Map.of("not_json", 2L, "no_ttl", 1L));
    }

    @Test
    void beatOfAnUnknownNode_withoutStoreEntry_isIgnored() {
        start();
        for (int i = 0; i < 20_000; i++) {
            collector.onSnapshot(beat("made-up-" + i, 1));
        }
        ticker.runPending();
        join("real");
        awaitCheck();

        assertThat(view.nodeList().nodes()).extracting(KnownNode::uid).containsExactly("real");
    }

    @Test
    void manyUnknownNodes_areRejectedAfterTheFirstLoad() {
        for (int i = 0; i < 10_100; i++) {
            collector.onSnapshot(beat("early-" + i, 1));
        }
        assertThat(view.metrics().rejected()).as("nothing is loaded yet").isZero();

        start();
        for (int i = 0; i < 10_001; i++) {
            collector.onSnapshot(beat("made-up-" + i, 1));
        }
        assertThat(view.metrics().rejected()).isPositive();
    }

    @Test
    void fullView_newNodesAreRejected() {
        for (int i = 0; i < 150; i++) {
            publisher.publish(beat("u" + i, 1));
        }

        start();
        awaitCheck();

        assertThat(view.size()).isEqualTo(100);
        assertThat(view.metrics().rejected()).isPositive();
    }

    @Test
    void restartedNode_predecessorOnTheSameHost_isReplacedWithinOneCheck() {
        start();
        join("old", "chat");
        ticker.advance(Duration.ofSeconds(8));

        join("new", "chat");

        awaitCheck();

        assertThat(view.size()).isEqualTo(1);
        assertThat(view.nodeList().nodes().get(0).uid()).isEqualTo("new");
        assertThat(view.metrics().eventTotal(MembershipEvent.RESTARTED)).isEqualTo(1);
        assertThat(view.metrics().recentEvents(MembershipEvent.RESTARTED)).isEqualTo(1);
    }

    @Test
    void duplicateName_firstNodeStillBeats_isNotReplaced() {
        start();
        join("one", "chat");
        transport.loseMessages(true);
        ticker.advance(Duration.ofSeconds(8));
        publisher.publish(beat("one", "chat", 2, 15_000));
        transport.loseMessages(false);

        join("two", "chat");
        awaitCheck();

        assertThat(view.nodesByDuplicateName()).containsOnlyKeys("chat");
        assertThat(view.metrics().eventTotal(MembershipEvent.RESTARTED)).isZero();
    }

    @Test
    void writerConflict_isReportedUntilItEnds() {
        start();
        publisher.publish(Snapshots.beatOf("a", "u1", 1, 5_000));
        ticker.runPending();
        try (CapturedLog log = CapturedLog.of(Collector.class)) {
            publisher.publish(Snapshots.beatOf("b", "u1", 2, 5_000));
            publisher.publish(Snapshots.beatOf("b", "u1", 3, 5_000));
            ticker.runPending();

            assertThat(view.conflicts().current())
                    .containsExactly(new Conflict("u1", 1, new Writer("a", "host-a"), new Writer("b", "host-b")));
            assertThat(view.conflicts().rejectedBeats()).isEqualTo(2);
            assertThat(log.warnings())
                    .containsExactly("node u1 has two agents: beats of agent a (host host-a) are accepted,"
                            + " those of agent b (host host-b) are rejected");
        }
        ticker.advance(Duration.ofSeconds(11));

        assertThat(view.conflicts().current()).isEmpty();
    }

    @Test
    void restartedAgent_clockSetBack_joinsImmediately() {
        start();
        publisher.publish(Snapshots.beatOf("a", "u1", 1_000, 5_000));
        ticker.runPending();
        publisher.leave(new LeaveEnvelope("u1", 1_001, "a"));
        ticker.runPending();
        assertThat(view.size()).isZero();

        publisher.publish(Snapshots.beatOf("b", "u1", 5, 5_000));
        ticker.runPending();

        assertThat(view.size()).isEqualTo(1);
    }

    private void join(String uid) {
        join(uid, "name-" + uid);
    }

    private void join(String uid, String name) {
        publisher.publish(beat(uid, name, 1, 15_000));
        ticker.runPending();
        assertThat(view.nodeList().nodes()).extracting(KnownNode::uid).contains(uid);
    }
}
