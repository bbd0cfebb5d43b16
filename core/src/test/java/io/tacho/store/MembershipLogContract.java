// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import static io.tacho.model.MembershipEvent.DRAINING;
import static io.tacho.model.MembershipEvent.JOINED;
import static io.tacho.model.MembershipEvent.LEFT;
import static io.tacho.model.MembershipEvent.LOST;
import static io.tacho.model.MembershipEvent.RESTARTED;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.MembershipChange;
import io.tacho.model.MembershipEvent;
import io.tacho.testing.Snapshots;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of every membership log; each implementation extends this test. */
public abstract class MembershipLogContract {

    private static final long NOW = 1_795_000_000_000L;

    /** Returns the log as seen by another aggregator. */
    protected abstract MembershipLog member();

    /** Deletes everything. */
    protected abstract void flush();

    protected static MembershipChange change(MembershipEvent event, String uid, long seq) {
        return change(event, uid, seq, NOW);
    }

    private static MembershipChange change(MembershipEvent event, String uid, long seq, long timeMillis) {
        return new MembershipChange(event, timeMillis, Snapshots.beat(uid, seq));
    }

    protected static MembershipPage append(MembershipLog log, String position, MembershipChange... changes) {
        try {
            return log.append(List.of(changes), NOW, position)
                    .toCompletableFuture()
                    .get(10, SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> events(MembershipPage page) {
        return page.changes().stream()
                .map(change -> change.event().label() + " " + change.node().uid())
                .toList();
    }

    @Test
    void append_isReadByOtherMembers_newestFirst() {
        append(member(), MembershipLog.START, change(JOINED, "u1", 1), change(LOST, "u1", 5));

        MembershipPage page = append(member(), MembershipLog.START);

        assertThat(events(page)).containsExactly("lost u1", "joined u1");
        assertThat(page.isComplete()).isTrue();
        assertThat(page.changes().get(0).seq()).isEqualTo(5);
        assertThat(page.changes().get(0).node())
                .isEqualTo(Snapshots.beat("u1", 5).snapshot());
    }

    @Test
    void append_sameChangesByThreeAggregators_areStoredOnce() {
        for (int i = 0; i < 3; i++) {
            MembershipLog log = member();
            append(log, MembershipLog.START, change(JOINED, "u1", 1 + i));
            append(log, MembershipLog.START, change(DRAINING, "u1", 3));
            append(log, MembershipLog.START, change(LEFT, "u1", 5));
            append(log, MembershipLog.START, change(RESTARTED, "u2", 7));
        }

        assertThat(events(append(member(), MembershipLog.START)))
                .containsExactly("restarted u2", "left u1", "draining u1", "joined u1");
    }

    /** A join that was detected late contains the latest state of the node, and therefore a higher seq. */
    @Test
    void append_drainingWithLowerSeqThanJoin_isStoredOnce() {
        append(member(), MembershipLog.START, change(JOINED, "u1", 9), change(DRAINING, "u1", 7));
        append(member(), MembershipLog.START, change(DRAINING, "u1", 7));

        assertThat(events(append(member(), MembershipLog.START))).containsExactly("draining u1", "joined u1");
    }

    @Test
    void append_conflictingDepartures_areStoredOnce() {
        append(member(), MembershipLog.START, change(JOINED, "u1", 1), change(LEFT, "u1", 9));
        append(member(), MembershipLog.START, change(LOST, "u1", 8));
        append(member(), MembershipLog.START, change(LOST, "u1", 10));
        append(member(), MembershipLog.START, change(JOINED, "u1", 2));

        assertThat(events(append(member(), MembershipLog.START))).containsExactly("left u1", "joined u1");
    }

    @Test
    void append_returningNode_isStoredAgain() {
        append(member(), MembershipLog.START, change(LOST, "u1", 9), change(JOINED, "u1", 10), change(LOST, "u1", 12));

        assertThat(events(append(member(), MembershipLog.START))).containsExactly("lost u1", "joined u1", "lost u1");
        append(member(), MembershipLog.START, change(LOST, "u1", 9), change(JOINED, "u1", 10));
        assertThat(append(member(), MembershipLog.START).changes())
                .as("late duplicates")
                .hasSize(3);
    }

    @Test
    void append_returningNodeWithLowerSeq_isStoredAgain() {
        append(member(), MembershipLog.START, change(LEFT, "u1", 90, NOW - 5_000));
        append(member(), MembershipLog.START, change(RESTARTED, "u2", 90, NOW - 5_000));

        append(member(), MembershipLog.START, change(JOINED, "u1", 2), change(JOINED, "u2", 2));
        append(member(), MembershipLog.START, change(LEFT, "u1", 90, NOW - 5_000));

        assertThat(events(append(member(), MembershipLog.START)))
                .as("u1: clock set back; u2: the entry of a replaced node may still exist")
                .containsExactly("joined u1", "restarted u2", "left u1");
        append(member(), MembershipLog.START, change(LEFT, "u1", 3));
        assertThat(append(member(), MembershipLog.START).changes()).hasSize(4);
    }

    @Test
    void append_secondDepartureWithoutJoin_twoMinutesLater_isStored() {
        append(member(), MembershipLog.START, change(LOST, "u1", 9, NOW - 120_000));
        append(member(), MembershipLog.START, change(LOST, "u1", 90, NOW));

        assertThat(append(member(), MembershipLog.START).changes()).hasSize(2);
    }

    @Test
    void page_afterPosition_hasOnlyNewChanges() {
        MembershipLog log = member();
        MembershipPage first = append(log, MembershipLog.START, change(JOINED, "u1", 1));
        append(member(), MembershipLog.START, change(JOINED, "u2", 1), change(JOINED, "u3", 1));

        MembershipPage second = append(log, first.position());

        assertThat(events(second)).containsExactly("joined u3", "joined u2");
        assertThat(second.isComplete()).isFalse();
        assertThat(append(log, second.position())).isEqualTo(new MembershipPage(second.position(), false, List.of()));
    }

    @Test
    void flush_pageIsComplete_hasOnlyNewChanges() {
        MembershipLog log = member();
        MembershipPage before = append(log, MembershipLog.START, change(JOINED, "u1", 1), change(JOINED, "u2", 1));

        flush();
        append(member(), MembershipLog.START, change(JOINED, "u3", 1), change(JOINED, "u4", 1));
        MembershipPage after = append(log, before.position());

        assertThat(after.isComplete()).isTrue();
        assertThat(events(after)).containsExactly("joined u4", "joined u3");
    }

    @Test
    void log_isBounded() {
        MembershipLog log = member();
        List<MembershipChange> changes = new ArrayList<>();
        for (int i = 0; i < MembershipLog.MAX_CHANGES + 50; i++) {
            changes.add(change(JOINED, "u" + i, 1));
            if (changes.size() == 100) {
                append(log, MembershipLog.START, changes.toArray(MembershipChange[]::new));
                changes.clear();
            }
        }
        MembershipPage page = append(log, MembershipLog.START, changes.toArray(MembershipChange[]::new));

        assertThat(page.changes()).hasSize(MembershipLog.MAX_CHANGES);
        assertThat(page.changes().get(0).node().uid()).isEqualTo("u1049");
    }
}
