// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Extra;
import io.tacho.model.Extras;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventCountersTest {

    private final IntervalRecorder recorder = new IntervalRecorder();

    private Extras window() {
        return recorder.takeInterval().extras();
    }

    @Test
    void counter_isReportedPerNameAndWindow() {
        EventCounter jobs = recorder.counter("jobs{kind=\"a\"}");
        jobs.increment();
        jobs.add(4);
        jobs.add(-1);
        recorder.counter("jobs{kind=\"a\"}").increment();
        recorder.counter("errors");

        assertThat(window().byName())
                .isEqualTo(Map.of("jobs{kind=\"a\"}", Extra.counter(6, 6), "errors", Extra.counter(0, 0)));
        jobs.increment();
        assertThat(window().byName()).containsEntry("jobs{kind=\"a\"}", Extra.counter(1, 7));
    }

    @Test
    void counter_invalidName_isIgnored() {
        recorder.counter("Jobs").increment();
        recorder.counter("jobs_total").increment();

        assertThat(window()).isEqualTo(Extras.NONE);
        StatsRecorder.none().counter("Jobs").increment();
    }

    @Test
    void counter_aboveLimit_isIgnored() {
        for (int i = 0; i <= Extras.MAX_EXTRAS; i++) {
            recorder.counter("c" + i).increment();
        }

        assertThat(window().byName()).hasSize(Extras.MAX_EXTRAS).doesNotContainKey("c64");
    }

    @Test
    void window_withoutCounters_isEmpty() {
        assertThat(window()).isSameAs(Extras.NONE);
    }
}
