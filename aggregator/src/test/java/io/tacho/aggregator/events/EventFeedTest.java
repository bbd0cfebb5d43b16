// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import static io.tacho.testing.Snapshots.beat;
import static io.tacho.testing.Snapshots.leave;
import static io.tacho.testing.Snapshots.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.aggregator.outlier.Indicator;
import io.tacho.aggregator.outlier.Outlier;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.KnownNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class EventFeedTest extends EventFeedTestBase {

    @Test
    void open_sendsTheWholeStateFirst() {
        view.onLoaded(stored("u1", 1));
        view.onLoaded(stored("u2", 5));

        FollowingReader reader = open();

        awaitLast(reader, "synced");
        assertThat(reader.types()).containsExactly("reset", "snapshot", "snapshot", "synced");
        assertThat(reader.seqs()).isEqualTo(Map.of("u1", 1L, "u2", 5L));
        assertThat(reader.lastData())
                .isEqualTo("{\"nodes\":2,\"metrics_interval\":60,\"ready\":true,\"stale_ms\":0,"
                        + "\"partitions\":{\"total\":1,\"disconnected\":0,\"disconnected_nodes\":0}}");
        assertThat(reader.lastId()).isEqualTo("abc.2");
    }

    private static OutlierReport outlier(String uid, double factor) {
        return OutlierReport.of(List.of(new Outlier(
                uid,
                "name-" + uid,
                Indicator.MEMORY,
                10 * factor,
                10,
                factor,
                9,
                Outlier.Method.MEDIAN_DEVIATION,
                Instant.EPOCH)));
    }

    @Test
    void outliers_areSentOnOpenAndAfterEachEvaluation_untilNoneIsLeft() {
        outliers = outlier("u1", 3);
        FollowingReader reader = open();
        awaitTick();
        assertThat(reader.types()).containsExactly("reset", "synced", "outliers");
        assertThat(reader.lastData())
                .startsWith(
                        "{\"nodes\":1,\"deviations\":[{\"uid\":\"u1\",\"name\":\"name-u1\",\"indicator\":\"memory\"");
        awaitTick();
        assertThat(reader.types()).hasSize(3);

        outliers = outlier("u1", 4);
        awaitLast(reader, "outliers");
        assertThat(reader.lastData()).contains("\"factor\":4.0");
        outliers = OutlierReport.of(List.of());
        awaitLast(reader, "outliers");
        assertThat(reader.lastData()).isEqualTo("{\"nodes\":0,\"deviations\":[]}");
        outliers = OutlierReport.of(List.of());
        awaitTick();

        assertThat(reader.types()).hasSize(5);
    }

    @Test
    void outliers_areFiltered() {
        outliers = outlier("u1", 3);
        FollowingReader other = new FollowingReader();
        feed.open(other, new EventFilter(Set.of(), Set.of("u2"), Set.of()), null);
        FollowingReader departures = new FollowingReader();
        feed.open(departures, new EventFilter(Set.of("lost"), Set.of(), Set.of()), null);
        awaitTick();

        assertThat(other.lastData()).isEqualTo("{\"nodes\":0,\"deviations\":[]}");
        assertThat(departures.types()).containsExactly("reset", "synced");
    }

    @Test
    void open_emptyCluster_sendsResetAndSynced() {
        FollowingReader reader = open();

        awaitLast(reader, "synced");
        assertThat(reader.types()).containsExactly("reset", "synced");
    }

    @Test
    void events_joinUpdateLeave_areSent() {
        FollowingReader reader = open();
        awaitLast(reader, "synced");

        view.onLoaded(stored("u1", 1));
        awaitLast(reader, "joined");
        assertThat(reader.lastData())
                .startsWith(
                        "{\"uid\":\"u1\",\"name\":\"name-u1\",\"state\":\"live\",\"seq\":1,\"node\":{\"uid\":\"u1\"");
        view.onBeat(beat("u1", 2));
        awaitLast(reader, "snapshot");
        view.onLeave(leave("u1", 3));
        awaitLast(reader, "left");
        assertThat(reader.lastData()).isEqualTo("{\"uid\":\"u1\",\"name\":\"name-u1\"}");
    }

    @Test
    void events_lostAndRestarted_areSent() {
        view.onLoaded(stored("u1", 1));
        view.onLoaded(stored("u2", 1));
        FollowingReader reader = open();
        awaitLast(reader, "synced");

        view.evict(node("u1"));
        view.removeReplaced(node("u2"));

        awaitLast(reader, "restarted");
        assertThat(reader.types()).endsWith("lost", "restarted");
        assertThat(reader.seqs()).isEmpty();
    }

    private KnownNode node(String uid) {
        return view.nodeList().nodes().stream()
                .filter(node -> node.uid().equals(uid))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void resume_sendsOnlyMissedEvents() {
        view.onLoaded(stored("u1", 1));
        view.onLoaded(stored("u2", 1));
        FollowingReader reader = open();
        awaitLast(reader, "synced");
        String last = reader.lastId();
        view.onLeave(leave("u1", 2));
        view.onLoaded(stored("u3", 1));
        view.onBeat(beat("u3", 2));
        view.onBeat(beat("u3", 3));
        awaitTick();

        FollowingReader again = new FollowingReader();
        feed.open(again, EventFilter.ALL, last);

        awaitLast(again, "synced");
        assertThat(again.types()).containsExactly("left", "joined", "snapshot", "synced");
        assertThat(again.seqs()).isEqualTo(Map.of("u3", 3L));
    }

    @Test
    void resume_unknownOrFutureId_startsWithReset() {
        for (String id : List.of("abd.0", "abc.7", "abc.x", "<>", "")) {
            FollowingReader reader = new FollowingReader();
            feed.open(reader, EventFilter.ALL, id);
            awaitLast(reader, "synced");
            assertThat(reader.types()).as(id).startsWith("reset");
        }
    }

    @Test
    void resume_beyondTheRetainedChanges_startsWithReset() {
        view.onLoaded(stored("old", 1));
        for (int i = 0; i < 5_001; i++) {
            view.onLoaded(stored("x", 2 * i + 1));
            view.onLeave(leave("x", 2 * i + 2));
        }

        FollowingReader again = new FollowingReader();
        feed.open(again, EventFilter.ALL, "abc.1");

        awaitLast(again, "synced");
        assertThat(again.types()).containsExactly("reset", "snapshot", "synced");
        assertThat(again.seqs()).isEqualTo(seqsOfTheView());
    }

    @Test
    void noChanges_aliveEventIsSentPeriodically() {
        FollowingReader reader = open();
        awaitLast(reader, "synced");

        ticker.advance(Duration.ofSeconds(11));

        awaitLast(reader, "alive");
        assertThat(reader.lastData()).contains("\"ready\":true");
    }

    @Test
    void redisDisconnectsAndReconnects_staleThenFreshAreSent() {
        view.onLoaded(stored("u1", 1));
        FollowingReader reader = open();
        awaitLast(reader, "synced");

        transport.disconnect();
        awaitLast(reader, "stale");
        assertThat(reader.lastData()).contains("\"nodes\":1", "\"ready\":false");
        FollowingReader late = open();
        awaitLast(late, "synced");
        assertThat(late.types()).contains("stale");

        transport.reconnect();
        awaitLast(reader, "fresh");
        awaitLast(late, "fresh");
    }

    @Test
    void filter_typesUidsOrNames_selectsEvents() {
        FollowingReader memberships = new FollowingReader();
        feed.open(memberships, new EventFilter(Set.of("joined", "left"), Set.of(), Set.of()), null);
        FollowingReader one = new FollowingReader();
        feed.open(one, new EventFilter(Set.of(), Set.of("u2"), Set.of()), null);
        FollowingReader named = new FollowingReader();
        feed.open(named, new EventFilter(Set.of(), Set.of(), Set.of("name-u3")), null);
        awaitLast(memberships, "synced");
        awaitLast(one, "synced");
        awaitLast(named, "synced");

        for (String uid : List.of("u1", "u2", "u3")) {
            view.onLoaded(stored(uid, 1));
            view.onBeat(beat(uid, 2));
        }
        view.onLeave(leave("u1", 3));

        awaitLast(memberships, "left");
        assertThat(memberships.types()).containsExactly("reset", "synced", "joined", "joined", "joined", "left");
        assertThat(one.seqs()).isEqualTo(Map.of("u2", 2L));
        assertThat(named.seqs()).isEqualTo(Map.of("u3", 2L));
    }

    @Test
    void filter_unknownType_isRejected() {
        assertThatThrownBy(() -> new EventFilter(Set.of("snapshots"), Set.of(), Set.of()))
                .hasMessage("types: snapshots (expected: of joined,snapshot,draining,left,lost,restarted,outliers)");
    }

    @Test
    void close_endsAllStreams() {
        FollowingReader reader = open();
        awaitLast(reader, "synced");

        feed.close();

        ticker.runPending();
        assertThat(reader.isClosed()).isTrue();
    }

    /** Readers that disconnect and resume at random reach the state of the view after random changes. */
    @Test
    void randomChanges_readersReachTheStateOfTheView() {
        for (int seed = 1; seed <= 3; seed++) {
            Random random = new Random(seed);
            List<FollowingReader> readers = new ArrayList<>();
            List<Runnable> handles = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                readers.add(new FollowingReader());
                handles.add(feed.open(readers.get(i), EventFilter.ALL, null));
            }
            for (long step = 1; step < 4_000; step++) {
                churn(random, step + seed * 100_000L);
                if (random.nextInt(50) == 0) {
                    ticker.advance(Duration.ofMillis(random.nextInt(400)));
                }
                if (random.nextInt(200) == 0) {
                    int chosen = random.nextInt(readers.size());
                    FollowingReader reader = readers.get(chosen);
                    handles.get(chosen).run();
                    handles.set(chosen, feed.open(reader, EventFilter.ALL, reader.lastId()));
                }
            }
            Predicate<FollowingReader> hasAll = reader -> reader.seqs().equals(seqsOfTheView());
            awaitTick();
            assertThat(readers).allMatch(hasAll);
            handles.forEach(Runnable::run);
        }
    }

    private void churn(Random random, long seq) {
        String uid = "u" + random.nextInt(300);
        int what = random.nextInt(20);
        if (what == 0) {
            view.onLeave(leave(uid, seq));
        } else if (what < 4) {
            view.onLoaded(stored(uid, seq));
        } else {
            view.onBeat(beat(uid, seq));
        }
    }
}
