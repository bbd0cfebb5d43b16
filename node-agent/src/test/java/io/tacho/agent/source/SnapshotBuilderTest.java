// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.record.RecordedInterval;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.Quality;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Tests the values that a source sets, and the quality flags of the fields. */
class SnapshotBuilderTest {

    private final SnapshotBuilder builder = new SnapshotBuilder("u1", "n");

    @Test
    void unsetFields_areZeroAndUnavailable() {
        builder.set(Field.NUM_CLIENTS, 5).set(Field.NUM_CHANNELS, OptionalDouble.empty());

        assertThat(builder.snapshot().number(Field.NUM_CLIENTS)).isEqualTo(5);
        assertThat(builder.quality().known())
                .hasSize(Field.NUMBERS.size() - 1)
                .doesNotContainKey(Field.NUM_CLIENTS)
                .containsEntry(Field.NUM_CHANNELS, Quality.UNAVAILABLE)
                .containsEntry(Field.MEMORY_SYS, Quality.UNAVAILABLE);
    }

    @Test
    void values_areRoundedAndClamped() {
        builder.set(Field.MEMORY_SYS, -1)
                .set(Field.CPU_USAGE, Long.MAX_VALUE)
                .set(Field.NUM_CLIENTS, OptionalDouble.of(2.5))
                .set(Field.NUM_CHANNELS, OptionalDouble.of(Double.POSITIVE_INFINITY));

        NodeSnapshot snapshot = builder.snapshot();
        assertThat(snapshot.number(Field.MEMORY_SYS)).isZero();
        assertThat(snapshot.number(Field.CPU_USAGE)).isEqualTo(NodeSnapshot.MAX_VALUE);
        assertThat(snapshot.number(Field.NUM_CLIENTS)).isEqualTo(3);
        assertThat(snapshot.number(Field.NUM_CHANNELS)).isEqualTo(NodeSnapshot.MAX_VALUE);
    }

    @Test
    void recordedInterval_setsAllIntervalFields() {
        builder.set(RecordedInterval.of(Map.of(Field.NUM_MSG_SENT, 7L, Field.TIME_API_MAX, 9L), 0, 0));

        assertThat(builder.snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(7);
        assertThat(builder.snapshot().number(Field.TIME_API_MAX)).isEqualTo(9);
        assertThat(builder.quality().known().keySet()).noneMatch(Field::isOfWindow);
    }

    @Test
    void flagStale_marksVariableFields_unlessUnavailable() {
        builder.set(Field.NUM_CLIENTS, 5)
                .set(Field.STARTED_AT, 1_700_000_000)
                .set(Field.NUM_MSG_SENT, 1)
                .flag(Field.NUM_MSG_SENT, Quality.CLOSE)
                .flagStale();

        assertThat(builder.quality().of(Field.NUM_CLIENTS)).isEqualTo(Quality.STALE);
        assertThat(builder.quality().of(Field.NUM_MSG_SENT)).isEqualTo(Quality.STALE);
        assertThat(builder.quality().of(Field.STARTED_AT)).isEqualTo(Quality.EXACT);
        assertThat(builder.quality().of(Field.NUM_CHANNELS)).isEqualTo(Quality.UNAVAILABLE);
    }

    @Test
    void exactFlags_areOmitted() {
        Field.NUMBERS.forEach(field -> builder.set(field, 1).flag(field, Quality.EXACT));

        assertThat(builder.quality().isEmpty()).isTrue();
    }
}
