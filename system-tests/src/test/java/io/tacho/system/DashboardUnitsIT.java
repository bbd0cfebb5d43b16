// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.dashboard.Dashboard;
import io.tacho.units.Durations;
import io.tacho.units.Quantity;
import java.io.InputStream;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** The dashboard formats values as the table of units does, apart from spaces, thousands separators and the letter µ. */
class DashboardUnitsIT {

    private static final List<Long> VALUES = List.of(
            0L,
            1L,
            59L,
            302L,
            999L,
            1_000L,
            1_023L,
            1_024L,
            1_536L,
            3_661L,
            9_994L,
            9_999L,
            10_000L,
            12_345L,
            90_000L,
            99_960L,
            102_359L,
            999_499L,
            999_500L,
            999_600L,
            1_048_575L,
            1_048_576L,
            1_500_000L,
            99_960_000L,
            123_456_789L,
            1_073_741_824L,
            59_999_000_000L,
            61_000_000_000L,
            3_661_000_000_000L,
            90_000_000_000_000L,
            1L << 50);

    @Test
    void values_areFormattedLikeTheUnitTable() throws Exception {
        String module;
        try (InputStream source = Dashboard.class.getResourceAsStream("format.js")) {
            module = "data:text/javascript;base64," + Base64.getEncoder().encodeToString(source.readAllBytes());
        }
        Map<String, LongFunction<String>> expected = Map.of(
                "count", Quantity.COUNT::compact,
                "bytes", Quantity.BYTES::compact,
                "nanos", Quantity.DURATION::compact,
                "percent", Quantity.PERCENT::compact,
                "seconds", Durations::compact);
        try (Browser browser = Browser.start()) {
            browser.open("about:blank");
            expected.forEach((function, format) -> {
                List<String> texts = browser.await(
                        "const done = arguments[3]; import(arguments[0]).then("
                                + "(module) => done(arguments[2].map((value) => module[arguments[1]](value))), done)",
                        module,
                        function,
                        VALUES);
                assertThat(texts.stream()
                                .map(text -> text.replaceAll("[ ,]", "").replace('µ', 'u')))
                        .as(function)
                        .containsExactlyElementsOf(
                                VALUES.stream().map(format::apply).toList());
            });

            List<String> starts = browser.await(
                    "const done = arguments[1]; import(arguments[0]).then("
                            + "(module) => done([0, 1795876240, 8.64e12 + 1, 9007199254740991].map("
                            + "(value) => module.exact(value, 'start'))), done)",
                    module);
            assertThat(starts)
                    .as("an invalid start time does not break the page")
                    .containsExactly("0", "1795876240: 2026-11-28T14:30:40.000Z", "8640000000001", "9007199254740991");
        }
    }
}
