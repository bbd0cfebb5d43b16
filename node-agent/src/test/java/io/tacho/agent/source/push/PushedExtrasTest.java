// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Extra;
import io.tacho.model.Extras;
import org.junit.jupiter.api.Test;

class PushedExtrasTest {

    private final PushedExtras extras = new PushedExtras();

    private void push(String counters, String values) {
        extras.take(PushedFields.parse(("{\"extras\":{" + values + "}}").getBytes(UTF_8), counters));
    }

    private static String jobs(long value) {
        return "\"jobs\":{\"kind\":\"counter\",\"value\":" + value + "}";
    }

    private Extra jobsOfWindow() {
        extras.endWindow();
        return extras.window().byName().get("jobs");
    }

    @Test
    void totals_windowHasTheirIncrease() {
        push("totals", jobs(100));
        push("totals", jobs(104));
        assertThat(jobsOfWindow()).as("the first push is the baseline").isEqualTo(Extra.counter(4, 104));

        push("totals", jobs(110));
        assertThat(jobsOfWindow()).isEqualTo(Extra.counter(6, 110));
        assertThat(jobsOfWindow()).as("window without a push").isEqualTo(Extra.counter(0, 110));
    }

    @Test
    void totals_decreased_startedAtZero() {
        push("totals", jobs(100));
        push("totals", jobs(106));
        push("totals", jobs(3));

        assertThat(jobsOfWindow()).isEqualTo(Extra.counter(9, 3));
    }

    @Test
    void intervals_eachPush_isCountedOnce() {
        push("interval", jobs(7));
        push("interval", jobs(5));

        assertThat(jobsOfWindow()).isEqualTo(Extra.counter(12, 12));
        assertThat(jobsOfWindow()).isEqualTo(Extra.counter(0, 12));
    }

    @Test
    void gauges_areKeptUntilNextPush() {
        push("totals", "\"num_subs\":75," + jobs(1));
        push(null, "\"queue\":{\"rule\":\"max\",\"value\":7}");
        extras.endWindow();

        assertThat(extras.gauges().byName())
                .containsEntry("num_subs", Extra.gauge(75))
                .containsEntry("queue", Extra.gauge(Extra.MAX, 7))
                .doesNotContainKey("jobs");
        extras.forget();
        assertThat(extras.gauges()).isEqualTo(Extras.NONE);
        assertThat(extras.window()).isEqualTo(Extras.NONE);
    }
}
