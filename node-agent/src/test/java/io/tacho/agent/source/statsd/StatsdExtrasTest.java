// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.model.Extra;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatsdExtrasTest {

    private final StatsdExtras extras = new StatsdExtras();

    private void add(String line) throws Rejected {
        StatsdLine parsed = StatsdLine.parse(line);
        extras.add(parsed.name(), parsed);
    }

    @Test
    void counters_areOfLastWindow_gaugesAreCurrent() throws Rejected {
        add("jobs:3|c");
        add("jobs:1|c|@0.1");
        add("queue:7|g");
        assertThat(extras.current().byName()).isEqualTo(Map.of("jobs", Extra.counter(0, 13), "queue", Extra.gauge(7)));

        extras.endWindow();
        add("queue:2.6|g");
        assertThat(extras.current().byName()).isEqualTo(Map.of("jobs", Extra.counter(13, 13), "queue", Extra.gauge(3)));

        extras.endWindow();
        assertThat(extras.current().byName()).containsEntry("jobs", Extra.counter(0, 13));
    }

    @Test
    void gauge_withSign_isRelative_neverNegative() throws Rejected {
        add("queue:+4|g");
        add("queue:-1|g");
        assertThat(extras.current().byName()).containsEntry("queue", Extra.gauge(3));

        add("queue:-9|g");
        add("queue:+2|g");
        assertThat(extras.current().byName()).containsEntry("queue", Extra.gauge(2));
    }

    @ParameterizedTest
    @CsvSource({
        "new:-1|c, BELOW_ZERO",
        "new:9007199254740992|c, TOO_LARGE",
        "new:9007199254740992|g, TOO_LARGE",
        "new:5|ms, WRONG_TYPE",
        "new:anna|s, WRONG_TYPE",
        "new:x|g, BAD_VALUE",
    })
    void rejectedLine_changesNothing(String line, Rejected.Reason reason) {
        assertThatThrownBy(() -> add(line))
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.reason).isEqualTo(reason));
        assertThat(extras.current().byName()).isEmpty();
    }
}
