// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacho.aggregator.period.TierSettings;
import io.tacho.cli.program.ParsedOptions;
import io.tacho.store.TierRetention;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TierOptionsTest {

    private static TierSettings settings(Map<String, String> environment, String... arguments) {
        return ParsedOptions.parse(new TierOptions(), environment, arguments).settings();
    }

    private static TierSettings settings(String... arguments) {
        return settings(Map.of(), arguments);
    }

    @Test
    void defaults_equalTheLibraryDefaults() {
        assertThat(settings()).isEqualTo(TierSettings.DEFAULT);
    }

    @Test
    void options_setEachRetentionAndTheZone() {
        TierSettings settings = settings(
                "--history-hours",
                "50h",
                "--history-days",
                "40d",
                "--history-months",
                "400d",
                "--history-zone",
                "Europe/Berlin");

        assertThat(settings.retention())
                .isEqualTo(new TierRetention(Duration.ofHours(50), Duration.ofDays(40), Duration.ofDays(400)));
        assertThat(settings.calendar().zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(settings(Map.of("TACHO_HISTORY_ZONE", "+05:30")).calendar().zone())
                .isEqualTo(ZoneId.of("+05:30"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Berlin", "europe/berlin", "+25:00", "UTC UTC"})
    void zone_thatIsUnknown_isRejected(String zone) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("--history-zone", zone))
                .withMessage("history-zone: '" + zone + "' (expected: a time zone, e.g. UTC or Europe/Berlin)");
    }

    @ParameterizedTest
    @CsvSource({
        "--history-hours, 49h, 50h",
        "--history-hours, 0s, 50h",
        "--history-days, 791h, 792h",
        "--history-months, 32d, 792h",
    })
    void retention_tooShortToMergeFrom_isRejected(String option, String value, String least) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(option, value))
                .withMessageStartingWith(option.substring(2) + ": ")
                .withMessageEndingWith("(expected: at least " + least + ")");
    }
}
