// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.text.SettingErrors;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SourceTimeoutsTest {

    private final SettingErrors errors = new SettingErrors();

    @Test
    void positiveTimeouts_areValid() {
        SourceTimeouts.check(errors, Duration.ofNanos(1), Duration.ofDays(100));

        assertThat(errors.isAny()).isFalse();
    }

    @Test
    void invalidTimeouts_areReportedTogether() {
        SourceTimeouts.check(errors, Duration.ZERO, Duration.ofSeconds(-2));
        SourceTimeouts.check(errors, "timeout", Duration.ZERO);

        assertThatThrownBy(errors::throwIfAny)
                .hasMessage(
                        "stale-after: 0s (expected: > 0)\ngone-after: -2s (expected: > 0)\ntimeout: 0s (expected: > 0)");
    }
}
