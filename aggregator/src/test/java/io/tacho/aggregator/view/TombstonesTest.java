// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.testing.Snapshots;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TombstonesTest {

    private static final long UNTIL = 1_000;

    private final Tombstones tombstones = new Tombstones();

    private static SnapshotEnvelope beat(String uid, long seq, String writer) {
        SnapshotEnvelope beat = Snapshots.beat(uid, seq);
        return writer == null ? beat : Snapshots.beatOf(writer, uid, seq, 5_000);
    }

    private boolean isBefore(long seq) {
        return tombstones.isBeforeDeparture(beat("a", seq, null), 0);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "4, -, -, true",
                "5, -, -, true",
                "6, -, -, false",
                "4, w1, w1, true",
                "4, w1, -, true",
                "4, -, w1, true",
                "4, w2, w1, false",
                "6, w1, w1, false",
            })
    void isBeforeDeparture_comparesTheSeqOfTheSameAgent(long seq, String writer, String departed, boolean before) {
        tombstones.addLeft(new LeaveEnvelope("a", 5, departed), false, 0, UNTIL);

        assertThat(tombstones.isBeforeDeparture(beat("a", seq, writer), 0)).isEqualTo(before);
        assertThat(tombstones.isBeforeDeparture(beat("b", seq, writer), 0))
                .as("another node")
                .isFalse();
    }

    /** The entry in the previous partition may be from an earlier agent. */
    @Test
    void departureOfAMovedNode_appliesToAllItsAgents() {
        tombstones.addLeft(new LeaveEnvelope("a", 5, "w1"), true, 0, UNTIL);

        assertThat(tombstones.isBeforeDeparture(beat("a", 4, "w2"), 0)).isTrue();
        assertThat(tombstones.isBeforeDeparture(beat("a", 6, "w2"), 0)).isFalse();
    }

    @Test
    void tombstone_isValidUntilItExpires_evenIfTheClockOverflows() {
        long now = Long.MAX_VALUE - 10;
        tombstones.addLeft(new LeaveEnvelope("a", 5), false, now, now + 20);

        assertThat(tombstones.isBeforeDeparture(beat("a", 5, null), now)).isTrue();
        assertThat(tombstones.isBeforeDeparture(beat("a", 5, null), now + 20)).isTrue();
        assertThat(tombstones.isBeforeDeparture(beat("a", 5, null), now + 21)).isFalse();
    }

    @Test
    void replacedNode_entryIsIgnored_entryOfANodeThatLeftIsNot() {
        tombstones.addReplaced(beat("a", 5, "w1"), UNTIL);
        tombstones.addLeft(new LeaveEnvelope("b", 5), false, 0, UNTIL);

        assertThat(tombstones.isBeforeReplacement(beat("a", 5, "w1"), 0)).isTrue();
        assertThat(tombstones.isBeforeReplacement(beat("a", 6, "w1"), 0)).isFalse();
        assertThat(tombstones.isBeforeReplacement(beat("a", 4, "w2"), 0))
                .as("beat of the successor")
                .isFalse();
        assertThat(tombstones.isBeforeDeparture(beat("a", 5, "w1"), 0)).isTrue();
        assertThat(tombstones.isBeforeReplacement(beat("b", 5, null), 0))
                .as("nodes that left are confirmed by the store")
                .isFalse();
        assertThat(tombstones.isBeforeReplacement(beat("c", 5, null), 0)).isFalse();
    }

    @Test
    void twoDepartures_higherSeqWins() {
        tombstones.addLeft(new LeaveEnvelope("a", 7), false, 0, UNTIL);
        tombstones.addReplaced(beat("a", 5, null), UNTIL);
        assertThat(isBefore(7)).isTrue();
        assertThat(tombstones.isBeforeReplacement(beat("a", 5, null), 0)).isFalse();

        tombstones.addLeft(new LeaveEnvelope("a", 9), false, 0, UNTIL);
        assertThat(isBefore(9)).isTrue();
    }

    @Test
    void entryReadAfterTheDeparture_removesTheTombstone() {
        tombstones.addLeft(new LeaveEnvelope("a", 5), false, 100, UNTIL);
        tombstones.removeFalse("a", 99);
        tombstones.removeFalse("a", 100);
        assertThat(isBefore(5)).isTrue();

        tombstones.removeFalse("a", 101);
        assertThat(isBefore(5)).isFalse();
    }

    @Test
    void entryOfAnotherNode_keepsTheTombstone() {
        tombstones.addLeft(new LeaveEnvelope("a", 5), false, 100, UNTIL);
        tombstones.removeFalse("b", 101);

        assertThat(isBefore(5)).isTrue();
    }

    @Test
    void entryOfAReplacedNode_keepsTheTombstone() {
        tombstones.addReplaced(beat("a", 5, null), UNTIL);
        tombstones.removeFalse("a", 500);
        assertThat(isBefore(5)).isTrue();

        tombstones.remove("a");
        assertThat(isBefore(5)).as("the node has joined again").isFalse();
    }

    @Test
    void memory_isBounded_oldestTombstoneIsEvicted() {
        for (int i = 0; i < 10_001; i++) {
            tombstones.addLeft(new LeaveEnvelope("u" + i, 5), false, 0, UNTIL);
        }

        assertThat(tombstones.isBeforeDeparture(beat("u0", 5, null), 0)).isFalse();
        assertThat(tombstones.isBeforeDeparture(beat("u1", 5, null), 0)).isTrue();
        assertThat(tombstones.isBeforeDeparture(beat("u10000", 5, null), 0)).isTrue();
    }
}
