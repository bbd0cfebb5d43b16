// SPDX-License-Identifier: Apache-2.0
package io.tacho.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S, 500ms",
        "1500ms, PT1.5S, 1500ms",
        "1.5s, PT1.5S, 1500ms",
        "5s, PT5S, 5s",
        "90s, PT90S, 90s",
        "60s, PT1M, 1m",
        "24h, PT24H, 24h",
        "1440m, PT24H, 24h",
        "1d, PT24H, 24h",
        "720h, PT720H, 720h",
        "250us, PT0.00025S, 250us",
        "7ns, PT0.000000007S, 7ns",
        "0s, PT0S, 0s",
        "999999999h, PT999999999H, 999999999h",
    })
    void duration_isParsedAndFormattedExactly(String text, Duration duration, String formatted) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
        assertThat(Durations.format(duration)).isEqualTo(formatted);
        assertThat(Durations.parse(formatted)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "5 s", "-5s", "5S", "5x", "1.5ns", "PT5S", "0x5s"})
    void duration_invalid_isRejected(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .hasMessage("'" + text + "' (expected: a duration, e.g. 500ms; ns, us, ms, s, m, h or d)");
    }

    @ParameterizedTest
    @CsvSource({"-3, 0s", "0, 0s", "59, 59s", "60, 1m00s", "302, 5m02s", "3661, 1h01m", "86399, 23h59m", "90000, 1d01h"
    })
    void compact_hasTwoLargestUnits(long seconds, String text) {
        assertThat(Durations.compact(seconds)).isEqualTo(text);
    }
}
