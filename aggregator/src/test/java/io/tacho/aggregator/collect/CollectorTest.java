// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import static io.tacho.testing.Snapshots.beat;
import static io.tacho.testing.Snapshots.leave;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.LiveNode;
import io.tacho.codec.MalformedSnapshotException;
import io.tacho.codec.MalformedSnapshotException.Reason;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.MembershipEvent;
import io.tacho.store.SnapshotPublisher;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CollectorTest {

    private static final Duration TTL = Duration.ofSeconds(15);

    private final ManualTicker ticker = new ManualTicker();
    private final InMemoryTransport transport = new InMemoryTransport(ticker);
    private final SnapshotPublisher publisher = transport.publisher();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 100);
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private Collector collector;

    @BeforeEach
    void create() {
        collector = new Collector(transport.source(), view, executor, Duration.ofSeconds(1), ticker);
    }

    @AfterEach
    void close() {
        collector.close();
        executor.shutdownNow();
    }

    private void start() {
        collector.start();
        await().until(() -> view.status().isReady());
    }

    /** Lets the checks and whatever they start come to an end. */
    private void settle() throws Exception {
        for (int i = 0; i < 3; i++) {
            executor.schedule(() -> {}, 150, TimeUnit.MILLISECONDS).get();
        }
    }

    @Test
    void start_whatIsThereIsThereWhenReady() {
        publisher.publish(beat("u1", 1));
        publisher.publish(beat("u2", 1));

        start();

        assertThat(view.size()).isEqualTo(2);
        assertThat(view.status().staleFor()).isZero();
    }

    @Test
    void messages_joinUpdateLeave() {
        start();

        join("u1");
        publisher.publish(beat("u1", 2));
        join("u2");
        publisher.leave(leave("u1", 3));

        assertThat(view.list().nodes()).extracting(LiveNode::uid).containsExactly("u2");
        assertThat(view.metrics().total(MembershipEvent.JOINED)).isEqualTo(2);
        assertThat(view.metrics().total(MembershipEvent.LEFT)).isEqualTo(1);
    }

    @Test
    void silence_lostAfterTheTtlAndNotBefore() throws Exception {
        start();
        join("u1");

        ticker.advance(TTL);
        settle();
        assertThat(view.size()).isEqualTo(1);

        ticker.advance(Duration.ofMillis(1));
        await().until(() -> view.size() == 0);
        assertThat(view.metrics().total(MembershipEvent.LOST)).isEqualTo(1);
    }

    @Test
    void silence_thatIsOursAlone_nobodyIsGivenUp() throws Exception {
        start();
        join("u1");
        transport.loseMessages(true);
        ticker.advance(Duration.ofSeconds(10));
        publisher.publish(beat("u1", 2));

        ticker.advance(Duration.ofSeconds(10));
        settle();

        assertThat(view.list().nodes().get(0).envelope().seq()).isEqualTo(2);
        assertThat(view.metrics().total(MembershipEvent.LOST)).isZero();
    }

    @Test
    void sweep_findsANodeWhoseMessagesWereLost() {
        start();
        transport.loseMessages(true);
        publisher.publish(beat("u1", 1));
        assertThat(view.size()).isZero();

        await().until(() -> view.size() == 1);
    }

    @Test
    void disconnected_viewIsKeptHoweverLong() throws Exception {
        start();
        join("u1");

        transport.disconnect();
        ticker.advance(TTL.multipliedBy(100));
        settle();

        assertThat(view.status().isReady()).isFalse();
        assertThat(view.status().staleFor()).isEqualTo(TTL.multipliedBy(100));
        assertThat(view.size()).isEqualTo(1);
    }

    @Test
    void frozen_viewIsKeptAndSaidToBeStale() throws Exception {
        start();
        join("u1");

        transport.freeze(true);
        ticker.advance(TTL.plusMillis(1));
        await().until(() -> !view.status().isReady());
        ticker.advance(TTL);
        settle();

        assertThat(view.status().staleFor()).isGreaterThanOrEqualTo(TTL);
        assertThat(view.size()).isEqualTo(1);
    }

    @Test
    void thawed_everyoneHasOneTtlToSpeakUp() throws Exception {
        start();
        join("u1");
        transport.freeze(true);
        ticker.advance(TTL.multipliedBy(2));
        await().until(() -> !view.status().isReady());

        transport.freeze(false);
        await().until(() -> view.status().isReady());
        settle();

        assertThat(view.size()).isEqualTo(1);
        assertThat(view.metrics().total(MembershipEvent.LOST)).isZero();
    }

    @Test
    void reconnected_toAnEmptyStore_everyoneHasOneTtlToSpeakUp() throws Exception {
        start();
        join("alive");
        join("dead");
        transport.disconnect();
        ticker.advance(TTL.multipliedBy(2));
        transport.flush();

        transport.reconnect();
        await().until(() -> view.status().isReady());
        settle();
        assertThat(view.size()).isEqualTo(2);
        publisher.publish(beat("alive", 2));
        ticker.advance(TTL.plusMillis(1));
        publisher.publish(beat("alive", 3));

        await().until(() -> view.size() == 1);
        assertThat(view.list().nodes().get(0).uid()).isEqualTo("alive");
    }

    @Test
    void reconnected_findsWhoCameMeanwhile() {
        start();
        transport.disconnect();
        transport.reconnect();
        await().until(() -> view.status().isReady());

        join("u1");
    }

    @Test
    void flushed_nobodyIsGivenUpWhoBeatsAgain() throws Exception {
        start();
        join("u1");
        transport.flush();
        ticker.advance(Duration.ofSeconds(5));
        settle();
        publisher.publish(beat("u1", 2));
        ticker.advance(Duration.ofSeconds(12));
        settle();

        assertThat(view.size()).isEqualTo(1);
        assertThat(view.metrics().total(MembershipEvent.LOST)).isZero();
    }

    @Test
    void malformed_countedByReason() {
        start();

        collector.onMalformed(new MalformedSnapshotException(Reason.NOT_JSON, "x"));
        collector.onMalformed(new MalformedSnapshotException(Reason.NOT_JSON, "x"));
        collector.onMalformed(new MalformedSnapshotException(Reason.NO_TTL, "x"));

        assertThat(view.metrics().malformed()).isEqualTo(Map.of("not_json", 2L, "no_ttl", 1L));
    }

    @Test
    void unknownNode_isNotBelievedWithoutAnEntry() throws Exception {
        start();
        for (int i = 0; i < 20_000; i++) {
            collector.onSnapshot(beat("made-up-" + i, 1));
        }
        join("real");
        settle();

        assertThat(view.list().nodes()).extracting(LiveNode::uid).containsExactly("real");
    }

    @Test
    void manyUnknownNodes_refusedOnceEverybodyShouldBeKnown() {
        for (int i = 0; i < 10_100; i++) {
            collector.onSnapshot(beat("early-" + i, 1));
        }
        assertThat(view.metrics().rejected()).as("nothing is loaded yet").isZero();

        start();
        for (int i = 0; i < 1_000_000 && view.metrics().rejected() == 0; i++) {
            collector.onSnapshot(beat("made-up-" + i, 1));
        }
        assertThat(view.metrics().rejected()).isPositive();
    }

    @Test
    void newcomers_bounded() {
        PendingNodes pending = new PendingNodes();
        for (int i = 0; i < 10_000; i++) {
            assertThat(pending.add("u" + i)).isTrue();
        }
        assertThat(pending.add("one-more")).isFalse();
        assertThat(pending.add("u1")).as("waits already").isTrue();

        assertThat(pending.take("u1"::equals)).hasSize(1_000).startsWith("u0", "u2");
        assertThat(pending.add("one-more")).isTrue();
    }

    @Test
    void fullView_refusesAndKeepsWhatItHas() throws Exception {
        for (int i = 0; i < 150; i++) {
            publisher.publish(beat("u" + i, 1));
        }

        start();
        settle();

        assertThat(view.size()).isEqualTo(100);
        assertThat(view.metrics().rejected()).isPositive();
    }

    @Test
    void restarted_predecessorOnTheSameHostIsGoneAtOnce() {
        start();
        join("old", "chat");
        ticker.advance(Duration.ofSeconds(8));

        join("new", "chat");

        await().until(() -> view.size() == 1);
        assertThat(view.list().nodes().get(0).uid()).isEqualTo("new");
        assertThat(view.metrics().total(MembershipEvent.RESTARTED)).isEqualTo(1);
        assertThat(view.metrics().recent(MembershipEvent.RESTARTED)).isEqualTo(1);
    }

    @Test
    void namesake_whoseBeatsWeMissedIsNotReplaced() throws Exception {
        start();
        join("one", "chat");
        transport.loseMessages(true);
        ticker.advance(Duration.ofSeconds(8));
        publisher.publish(beat("one", "chat", 2, 15_000));
        transport.loseMessages(false);

        join("two", "chat");
        settle();

        assertThat(view.duplicates()).containsOnlyKeys("chat");
        assertThat(view.metrics().total(MembershipEvent.RESTARTED)).isZero();
    }

    private void join(String uid) {
        join(uid, "name-" + uid);
    }

    private void join(String uid, String name) {
        publisher.publish(beat(uid, name, 1, 15_000));
        await().until(() ->
                view.list().nodes().stream().anyMatch(node -> node.uid().equals(uid)));
    }
}
