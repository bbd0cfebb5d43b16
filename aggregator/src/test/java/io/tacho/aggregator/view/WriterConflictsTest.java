// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Envelope.Conflict;
import io.tacho.model.Envelope.Writer;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WriterConflictsTest {

    private final ManualTicker ticker = new ManualTicker();
    private final WriterConflicts conflicts = new WriterConflicts(ticker);

    private static Conflict conflict(String uid, String rejected) {
        return new Conflict(uid, 1, new Writer("holder", "host-1"), new Writer(rejected, null));
    }

    @Test
    void conflict_isReportedOnce_andEndsTenSecondsAfterItsLastBeat() {
        assertThat(conflicts.record(conflict("a", "w1"))).isTrue();
        for (int i = 0; i < 30; i++) {
            ticker.advance(Duration.ofSeconds(1));
            assertThat(conflicts.record(conflict("a", "w1"))).isFalse();
        }
        ticker.advance(Duration.ofSeconds(10));
        assertThat(conflicts.current()).hasSize(1);

        ticker.advance(Duration.ofNanos(1));
        assertThat(conflicts.current()).isEmpty();
        assertThat(conflicts.rejectedBeats()).isEqualTo(31);
        assertThat(conflicts.record(conflict("a", "w1"))).as("a new conflict").isTrue();
    }

    @Test
    void conflictWithAnotherAgent_replacesTheEarlierConflict() {
        conflicts.record(conflict("a", "w1"));
        conflicts.record(conflict("b", "w1"));

        assertThat(conflicts.record(conflict("a", "w2"))).isFalse();
        assertThat(conflicts.current()).containsExactly(conflict("a", "w2"), conflict("b", "w1"));
    }

    @Test
    void memory_isBounded_rejectedBeatsAreStillCounted() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(conflicts.record(conflict("u" + i, "w1"))).isTrue();
        }
        assertThat(conflicts.record(conflict("one-more", "w1"))).isFalse();
        assertThat(conflicts.record(conflict("u7", "w2")))
                .as("already reported")
                .isFalse();
        assertThat(conflicts.current()).hasSize(1_000).contains(conflict("u7", "w2"));
        assertThat(conflicts.rejectedBeats()).isEqualTo(1_002);

        ticker.advance(Duration.ofSeconds(11));
        assertThat(conflicts.record(conflict("one-more", "w1"))).isTrue();
        assertThat(conflicts.current()).hasSize(1);
    }
}
