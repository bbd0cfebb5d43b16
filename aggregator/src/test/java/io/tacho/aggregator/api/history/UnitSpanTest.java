// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacho.aggregator.api.QueryParameters;
import io.tacho.aggregator.period.PeriodUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests time spans in calendar units, and the format of their rows. */
class UnitSpanTest {

    private static final long NOW = 1_795_381_400;
    private static final long DAY = 86_400;

    private static UnitSpan span(String query, PeriodUnit unit) {
        return UnitSpan.of(QueryParameters.parse(query), unit, NOW);
    }

    private static UsageQuery usage(String query) {
        return UsageQuery.of(QueryParameters.parse(query), NOW);
    }

    @ParameterizedTest
    @CsvSource({"HOUR, 2", "DAY, 30", "WEEK, 84", "MONTH, 365"})
    void noParameters_isTheDefaultSpanUntilNow(PeriodUnit unit, long days) {
        assertThat(span("", unit)).isEqualTo(new UnitSpan(unit, NOW - days * DAY, NOW));
    }

    @Test
    void endOnly_isTheDefaultSpanBeforeIt() {
        assertThat(span("to=-1d", PeriodUnit.HOUR)).isEqualTo(new UnitSpan(PeriodUnit.HOUR, NOW - 3 * DAY, NOW - DAY));
    }

    @Test
    void spanBeforeAllUnits_startsAtTheEarliest() {
        assertThat(span("from=0&to=1", PeriodUnit.DAY))
                .isEqualTo(new UnitSpan(PeriodUnit.DAY, UnitSpan.EARLIEST, UnitSpan.EARLIEST + 1));
        assertThat(span("to=5", PeriodUnit.DAY).fromSeconds()).isEqualTo(UnitSpan.EARLIEST);
    }

    @ParameterizedTest
    @CsvSource({"HOUR, 3600, hours", "DAY, 86400, days", "WEEK, 604800, weeks", "MONTH, 2419200, months"})
    void tooManyUnits_areRejected(PeriodUnit unit, long seconds, String units) {
        long longest = (UnitSpan.MAX_UNITS + 1) * seconds - 1;
        long end = 100L * UnitSpan.MAX_UNITS * DAY;
        assertThat(span("from=" + (end - longest) + "&to=" + end, unit).toSeconds())
                .isEqualTo(end);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> span("from=" + (end - longest - 1) + "&to=" + end, unit))
                .withMessage("from: 4001 " + units + " before to (expected: at most 4000)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "from=7&to=7 | to: 7 (expected: after from, 7)",
                "from=8&to=7 | to: 7 (expected: after from, 8)",
                "from=1969-12-31T23:59:59Z | from: -1 (expected: 0 to 253402300799 UNIX seconds)",
                "to=999999999999 | to: 999999999999 (expected: at most 253402300799 UNIX seconds)",
                "from=1&from=2 | from: given 2 times (expected: once)",
                "from=yesterday | from: 'yesterday' (expected: UNIX seconds, ISO-8601 as 2026-01-31T12:00:00Z, or back from now as -1h)"
            })
    void invalidSpan_isRejected(String query, String error) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> span(query, PeriodUnit.DAY))
                .withMessage(error);
    }

    @ParameterizedTest
    @EnumSource(PeriodUnit.class)
    void unit_isFoundByItsLabel(PeriodUnit unit) {
        assertThat(UnitSpan.unit(unit.label(), UnitSpan.all(), null)).isEqualTo(unit);
    }

    @Test
    void unit_notAllowed_isRejectedWithTheAllowedUnits() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UnitSpan.unit("hour", List.of(PeriodUnit.DAY, PeriodUnit.WEEK), "window"))
                .withMessage("unit: 'hour' (expected: window, day, week)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UnitSpan.unit("", List.of(PeriodUnit.DAY), null))
                .withMessage("unit: '' (expected: day)");
    }

    @Test
    void usage_default_isDays() {
        assertThat(usage("")).isEqualTo(new UsageQuery(new UnitSpan(PeriodUnit.DAY, NOW - 30 * DAY, NOW), 1));
        assertThat(usage("nodes=5&unit=week").nodes()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nodes=0 | nodes: 0 (expected: 1 or more)",
                "nodes=-1 | nodes: '-1' (expected: a whole number, 0 or more)",
                "nodes=9999999999 | nodes: '9999999999' (expected: a whole number, 0 or more)",
                "unit=hour | unit: 'hour' (expected: day, week, month)",
                "units=day | unknown parameter 'units' (expected: from, nodes, to, unit)"
            })
    void invalidUsage_isRejected(String query, String error) {
        assertThatIllegalArgumentException().isThrownBy(() -> usage(query)).withMessage(error);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | JSON",
                "*/* | JSON",
                "text/csv | CSV",
                "TEXT/CSV; q=0.5 | CSV",
                "text/html, application/x-ndjson, text/csv | NDJSON",
                "application/json, text/csv | JSON",
                "text/csvx | JSON",
                ",;, | JSON"
            })
    void format_isTheFirstAcceptedType(String accept, TableFormat format) {
        assertThat(TableFormat.of(accept)).isEqualTo(format);
    }
}
