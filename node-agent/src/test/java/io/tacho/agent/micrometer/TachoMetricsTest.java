// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tacho.agent.record.HostGauges;
import io.tacho.agent.record.IntervalRecorder;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TachoMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final IntervalRecorder recorder = new IntervalRecorder();

    @Test
    void registry_hasRecordedValues() {
        new TachoMetrics(recorder::totals, new HostGauges(() -> 7, () -> 5, () -> 3), Tags.of("hub", "a"))
                .bindTo(registry);
        recorder.messagesPublished(1);
        recorder.messagesQueued(20);
        recorder.messagesSent(19);
        recorder.bytesIn(300);
        recorder.bytesOut(4_000);
        recorder.apiRequest(2_000_000);
        recorder.clientRequest(1_000_000);
        recorder.takeInterval();
        recorder.clientRequest(3_000_000);

        assertThat(counted("tacho.messages.published")).isEqualTo(1);
        assertThat(counted("tacho.messages.queued")).isEqualTo(20);
        assertThat(counted("tacho.messages.sent")).isEqualTo(19);
        assertThat(counted("tacho.client.in")).isEqualTo(300);
        assertThat(counted("tacho.client.out")).isEqualTo(4_000);
        FunctionTimer api = registry.get("tacho.api.requests").tag("hub", "a").functionTimer();
        FunctionTimer client = registry.get("tacho.client.requests").functionTimer();
        assertThat(api.count()).isEqualTo(1);
        assertThat(client.count()).isEqualTo(2);
        assertThat(client.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(4);
        assertThat(registry.get("tacho.clients").gauge().value()).isEqualTo(7);
        assertThat(registry.get("tacho.users").gauge().value()).isEqualTo(5);
        assertThat(registry.get("tacho.channels").gauge().value()).isEqualTo(3);
    }

    @Test
    void registry_hasRecordedValues_afterGarbageCollection() {
        new TachoMetrics(recorder::totals, new HostGauges(() -> 7, () -> 5, () -> 3), Tags.empty()).bindTo(registry);
        WeakReference<Object> garbage = new WeakReference<>(new Object());
        while (garbage.get() != null) {
            System.gc();
        }
        recorder.messagesPublished(1);
        recorder.clientRequest(3_000_000);

        assertThat(counted("tacho.messages.published")).isEqualTo(1);
        FunctionTimer client = registry.get("tacho.client.requests").functionTimer();
        assertThat(client.count()).isEqualTo(1);
        assertThat(client.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(3);
        assertThat(registry.get("tacho.clients").gauge().value()).isEqualTo(7);
    }

    private double counted(String name) {
        return registry.get(name).functionCounter().count();
    }
}
