// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.SnapshotEnvelope;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatedNodeTest {

    private static final long START = 1_795_367_843_210L;

    private static SimulatedNode node(int place) {
        return new SimulatedNode(place, START, SimulatedDetail.NONE);
    }

    private static SnapshotEnvelope beat(SimulatedNode node, long millis) {
        return node.nextBeat(millis, 15_000);
    }

    @Test
    void beats_samePlaceAndTime_areEqual() {
        NodeSnapshot first = beat(node(7), START + 90_000).snapshot();
        NodeSnapshot second = beat(node(7), START + 90_000).snapshot();

        assertThat(first.uid()).isNotEqualTo(second.uid());
        assertThat(first.name()).isEqualTo("swarm-000008");
        assertThat(Field.NUMBERS)
                .allSatisfy(field ->
                        assertThat(first.number(field)).as(field.wireName()).isEqualTo(second.number(field)));
    }

    @ParameterizedTest
    @CsvSource({"0, -60000, 0", "1, -60000, 0", "59999, -60000, 0", "60000, 0, 60000", "60001, 0, 60000"})
    void window_isTheLastCompleteMinute(long now, long from, long to) {
        long base = 1_795_368_000_000L;

        assertThat(beat(node(0), base + now).window()).isEqualTo(new MetricsWindow(base + from, base + to));
    }

    @Test
    void numbers_areEqualInAllBeatsOfAWindow() {
        SimulatedNode node = node(3);
        NodeSnapshot first = beat(node, 1_795_368_000_000L).snapshot();
        NodeSnapshot last = beat(node, 1_795_368_059_999L).snapshot();
        NodeSnapshot next = beat(node, 1_795_368_060_000L).snapshot();

        assertThat(Field.NUMBERS)
                .filteredOn(Field::isOfWindow)
                .allSatisfy(field ->
                        assertThat(last.number(field)).as(field.wireName()).isEqualTo(first.number(field)));
        assertThat(next.number(Field.NUM_MSG_PUBLISHED)).isNotEqualTo(first.number(Field.NUM_MSG_PUBLISHED));
    }

    @Test
    void numbers_areConsistentOverTime() {
        Set<Long> clients = new HashSet<>();
        for (int place = 0; place < 50; place++) {
            SimulatedNode node = node(place);
            long seq = 0;
            for (int minute = 0; minute < 120; minute += 7) {
                SnapshotEnvelope beat = beat(node, START + minute * 60_000L);
                NodeSnapshot found = beat.snapshot();
                assertThat(beat.seq()).isGreaterThan(seq).isGreaterThan(START);
                seq = beat.seq();
                clients.add(found.number(Field.NUM_CLIENTS));
                assertThat(found.number(Field.NUM_CLIENTS)).isBetween(160L, 2_405L);
                assertThat(found.number(Field.NUM_UNIQUE_CLIENTS)).isLessThanOrEqualTo(found.number(Field.NUM_CLIENTS));
                assertThat(found.number(Field.NUM_MSG_QUEUED)).isGreaterThanOrEqualTo(found.number(Field.NUM_MSG_SENT));
                assertThat(found.number(Field.TIME_API_MAX)).isGreaterThanOrEqualTo(found.number(Field.TIME_API_MEAN));
                assertThat(found.number(Field.TIME_CLIENT_MAX))
                        .isGreaterThanOrEqualTo(found.number(Field.TIME_CLIENT_MEAN));
                assertThat(found.number(Field.STARTED_AT)).isEqualTo(START / 1_000);
            }
            assertThat(node.leave().seq()).isGreaterThan(seq);
        }
        assertThat(clients).as("nodes differ").hasSizeGreaterThan(300);
    }
}
