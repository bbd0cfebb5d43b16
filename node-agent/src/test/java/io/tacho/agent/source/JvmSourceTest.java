// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.HostGauges;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.testing.ManualTicker;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JvmSourceTest {

    private final IntervalRecorder recorder = new IntervalRecorder();

    private JvmSource source() {
        return new JvmSource("uid-1", "app_1", recorder, HostGauges.NONE, new ProcessSampler(), new ManualTicker());
    }

    @Test
    void read_hasVersionAndLabels() {
        try (JvmSource source = source().describedBy("1.2.3", Map.of("zone", "a"))) {
            NodeState state = source.read(RecordedInterval.EMPTY);

            assertThat(state.version()).isEqualTo("1.2.3");
            assertThat(state.labels()).isEqualTo(Map.of("zone", "a"));
        }
    }

    @Test
    void read_detailHasHostCounters() {
        recorder.counter("jobs").add(3);
        try (JvmSource source = source()) {
            NodeState state = source.read(recorder.takeInterval());

            assertThat(state.counted().detail(null, null, state.extras()).extras())
                    .isEqualTo(new Extras(Map.of("jobs", Extra.counter(3, 3))));
        }
    }
}
