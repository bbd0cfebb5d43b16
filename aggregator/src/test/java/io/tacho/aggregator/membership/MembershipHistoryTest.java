// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.membership;

import static io.tacho.testing.Snapshots.beat;
import static io.tacho.testing.Snapshots.leave;
import static io.tacho.testing.Snapshots.stored;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.api.MembershipResponse;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.MembershipChange;
import io.tacho.store.MembershipLog;
import io.tacho.store.MembershipPage;
import io.tacho.store.TransportException;
import io.tacho.store.memory.InMemoryMembershipLog;
import io.tacho.testing.ManualScheduler;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MembershipHistoryTest {

    private final ManualScheduler ticker = new ManualScheduler();
    private final InMemoryMembershipLog log = new InMemoryMembershipLog();

    /** The membership part of an aggregator. */
    private final class Member {

        final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 10_000);
        final MembershipHistory history;

        Member(MembershipLog log) {
            history = new MembershipHistory(log, view, ticker, ticker, ticker);
            history.start();
        }

        Member ready() {
            view.subscription().onLoaded(0, view.subscription().onSubscribed(0));
            pass();
            return this;
        }

        void lose(String uid) {
            view.evict(view.find(uid).orElseThrow());
        }

        List<String> events() {
            return history.recent().stream()
                    .map(change -> change.event().label() + " " + change.node().uid())
                    .toList();
        }
    }

    private void pass() {
        ticker.advance(Duration.ofSeconds(2));
    }

    @Test
    void changes_receivedByThreeAggregators_areListedOnceByEach() {
        List<Member> members = List.of(new Member(log).ready(), new Member(log).ready(), new Member(log).ready());
        members.forEach(member -> member.view.onLoaded(stored("u1", 1)));
        pass();
        members.get(0).view.onBeat(beat("u1", 2));
        members.forEach(member -> member.lose("u1"));
        pass();

        assertThat(members).allSatisfy(member -> assertThat(member.events()).containsExactly("lost u1", "joined u1"));
    }

    @Test
    void changes_areListedAfterARestart_andByANewAggregator() {
        Member first = new Member(log).ready();
        first.view.onLoaded(stored("u1", 1));
        first.lose("u1");
        pass();

        Member restarted = new Member(log);
        pass();

        assertThat(restarted.events()).as("before it is ready").containsExactly("lost u1", "joined u1");
    }

    @Test
    void nodesLoadedBeforeReady_haveNotJoined() {
        Member member = new Member(log);
        member.view.onLoaded(stored("u1", 1));
        pass();
        member.ready();

        assertThat(member.events()).isEmpty();
    }

    @Test
    void flush_earlierChangesAreNotWrittenAgain() {
        Member member = new Member(log).ready();
        member.view.onLoaded(stored("u1", 1));
        pass();

        log.flush();
        pass();
        assertThat(member.events()).isEmpty();
        member.view.onLoaded(stored("u2", 1));
        pass();

        assertThat(member.events()).containsExactly("joined u2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOPERM No permissions to access a key",
                "ERR The user executing the script can't run this command or subcommand"
            })
    void withoutWritePermission_localChangesAreListed_andWrittenOncePermitted(String error) {
        boolean[] denied = {true};
        Member member = new Member(new MembershipLog() {
                    @Override
                    public CompletionStage<MembershipPage> append(
                            List<MembershipChange> changes, long nowMillis, String position) {
                        return denied[0]
                                ? CompletableFuture.failedFuture(new TransportException(error, null))
                                : log.append(changes, nowMillis, position);
                    }

                    @Override
                    public void close() {}
                })
                .ready();
        member.view.onLoaded(stored("u1", 1));
        member.view.onLeave(leave("u1", 2));
        pass();
        assertThat(member.events()).containsExactly("left u1", "joined u1");

        denied[0] = false;
        ticker.advance(Duration.ofSeconds(6));

        assertThat(member.events()).containsExactly("left u1", "joined u1");
        Member other = new Member(log);
        pass();
        assertThat(other.events()).containsExactly("left u1", "joined u1");
    }

    @Test
    void departures_areSortedByTimeDescending_returnedNodesAreExcluded() {
        Member member = new Member(log).ready();
        List.of("u1", "u2", "u3").forEach(uid -> member.view.onLoaded(stored(uid, 1)));
        pass();
        member.lose("u1");
        pass();
        member.view.onLeave(leave("u2", 2));
        member.lose("u3");
        pass();
        member.view.onLoaded(stored("u3", 9));
        pass();

        assertThat(member.history.departures().keySet()).containsExactly("u2", "u1");
        assertThat(new Member(log).history.departures())
                .as("before it has read")
                .isEmpty();
        Member restarted = new Member(log);
        pass();
        assertThat(restarted.history.departures()).isEqualTo(member.history.departures());
    }

    @Test
    void list_isBounded() {
        Member member = new Member(log).ready();
        for (int i = 0; i < 1_500; i++) {
            member.view.onLoaded(stored("u" + i, 1));
        }
        ticker.advance(Duration.ofMinutes(1));

        assertThat(member.history.recent()).hasSize(MembershipLog.MAX_CHANGES);
    }

    @Test
    void response_ofDeparturesHasTheLastNumbers() throws IOException {
        Member member = new Member(log).ready();
        MembershipResponse response =
                new MembershipResponse(member.history, new SnapshotCodec(), InstantSource.system());
        assertThat(response.body()).asString().isEqualTo("{\"changes\":[]}");
        member.view.onLoaded(stored("u1", 1));
        member.lose("u1");
        pass();

        JsonNode changes = new ObjectMapper().readTree(response.body()).path("changes");

        assertThat(changes.findValuesAsText("change")).containsExactly("lost", "joined");
        assertThat(changes.at("/0/time").asLong()).isBetween(ticker.millis() - 2_000, ticker.millis());
        assertThat(changes.at("/0/uid").asText()).isEqualTo("u1");
        assertThat(changes.at("/0/node")).hasSize(22);
        assertThat(changes.at("/1/node").isMissingNode()).isTrue();
        assertThat(response.body()).isSameAs(response.body());
    }
}
