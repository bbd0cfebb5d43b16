// SPDX-License-Identifier: Apache-2.0
package io.tacho.model.period;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeriodCalendarTest {

    private static long at(String instant) {
        return Instant.parse(instant).getEpochSecond();
    }

    private static PeriodCalendar in(String zone) {
        return new PeriodCalendar(ZoneId.of(zone));
    }

    @ParameterizedTest
    @CsvSource({
        "UTC, 2026-03-29T12:34:56Z, 2026-03-29T00:00:00Z, 24",
        "Europe/Berlin, 2026-01-15T12:34:56Z, 2026-01-14T23:00:00Z, 24",
        "Europe/Berlin, 2026-03-29T12:34:56Z, 2026-03-28T23:00:00Z, 23",
        "Europe/Berlin, 2026-10-25T12:34:56Z, 2026-10-24T22:00:00Z, 25",
        "Asia/Kolkata, 2026-03-29T18:29:59Z, 2026-03-28T18:30:00Z, 24",
    })
    void day_startsAtMidnight_has23To25Hours(String zone, String instant, String start, int hours) {
        assertThat(in(zone).containing(Tier.DAY, at(instant)))
                .isEqualTo(new Period(Tier.DAY, at(start), hours * 3_600L));
    }

    @ParameterizedTest
    @CsvSource({"2026-02-10T00:00:00Z, 2026-01-31T23:00:00Z, 672", "2026-03-31T21:59:59Z, 2026-02-28T23:00:00Z, 743"})
    void month_hasHoursOfItsDays(String instant, String start, int hours) {
        assertThat(in("Europe/Berlin").containing(Tier.MONTH, at(instant)))
                .isEqualTo(new Period(Tier.MONTH, at(start), hours * 3_600L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTC",
                "Europe/Berlin",
                "America/Sao_Paulo",
                "Asia/Kolkata",
                "Asia/Kathmandu",
                "Australia/Lord_Howe"
            })
    void hoursOfYear_coverItsDaysExactly(String zone) {
        PeriodCalendar calendar = in(zone);
        List<Period> days = calendar.overlapping(Tier.DAY, at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
        for (Period day : days) {
            List<Period> hours = calendar.overlapping(Tier.HOUR, day.startSeconds(), day.endSeconds());
            assertThat(hours.get(0).startSeconds()).isEqualTo(day.startSeconds());
            assertThat(hours.stream().mapToLong(Period::lengthSeconds).sum()).isEqualTo(day.lengthSeconds());
            assertThat(hours)
                    .allSatisfy(hour -> assertThat(calendar.containing(Tier.DAY, hour.middleSeconds()))
                            .isEqualTo(day))
                    .allSatisfy(hour -> assertThat(calendar.containing(Tier.HOUR, hour.endSeconds() - 1))
                            .isEqualTo(hour));
        }
    }

    @Test
    void hour_isShorter_whenClocksAreSetBackByHalfAnHour() {
        PeriodCalendar island = in("Australia/Lord_Howe");
        Period day = island.containing(Tier.DAY, at("2026-04-04T18:00:00Z"));

        List<Period> hours = island.overlapping(Tier.HOUR, day.startSeconds(), day.endSeconds());

        assertThat(day.lengthSeconds()).isEqualTo(24 * 3_600 + 1_800);
        assertThat(hours).hasSize(25);
        assertThat(hours.get(24).lengthSeconds()).isEqualTo(1_800);
    }

    @Test
    void week_startsOnMonday() {
        PeriodCalendar berlin = in("Europe/Berlin");

        assertThat(berlin.startOfWeek(at("2026-03-29T12:00:00Z"))).isEqualTo(at("2026-03-22T23:00:00Z"));
        assertThat(berlin.endOfWeek(at("2026-03-29T12:00:00Z"))).isEqualTo(at("2026-03-29T22:00:00Z"));
    }

    @Test
    void window_isNotCalendarPeriod() {
        assertThatThrownBy(() -> in("UTC").containing(Tier.WINDOW, 0))
                .hasMessage("tier: window (expected: hour, day or month)");
    }

    @Test
    void period_ofZeroLength_isRejected() {
        assertThatThrownBy(() -> new Period(Tier.DAY, 0, 0)).hasMessage("length: 0 (expected: 1 to 2764800 s)");
        assertThatThrownBy(() -> new Period(Tier.DAY, -1, 1))
                .hasMessage("start: -1 (expected: 0 to 253402300799 UNIX seconds)");
    }
}
