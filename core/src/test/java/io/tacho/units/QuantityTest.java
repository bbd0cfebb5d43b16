// SPDX-License-Identifier: Apache-2.0
package io.tacho.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "DURATION, 500ms, 500000000",
        "DURATION, 1.5s, 1500000000",
        "DURATION, 2m, 120000000000",
        "DURATION, 3us, 3000",
        "DURATION, 3µs, 3000",
        "BYTES, 512MiB, 536870912",
        "BYTES, 1.5GiB, 1610612736",
        "BYTES, 10kb, 10000",
        "BYTES, 7, 7",
        "PERCENT, 80%, 80",
        "PERCENT, 80, 80",
        "COUNT, 10k, 10000",
        "COUNT, 1.5M, 1500000",
        "COUNT, 9007199254740991, 9007199254740991",
    })
    void value_isParsed(Quantity quantity, String text, long value) {
        assertThat(quantity.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "DURATION, 500",
        "DURATION, 5MS",
        "DURATION, 1.5ns",
        "BYTES, 1s",
        "BYTES, 1.5",
        "PERCENT, 1k",
        "COUNT, 2.5",
        "COUNT, -1",
        "COUNT, 9007199254740992",
        "COUNT, ''",
        "COUNT, many"
    })
    void value_invalid_isRejected(Quantity quantity, String text) {
        assertThatThrownBy(() -> quantity.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'" + text + "' (expected: ");
    }

    @ParameterizedTest
    @CsvSource({
        "DURATION, 5MS, 5000000",
        "DURATION, 7, 7",
        "BYTES, 1.3gib, 1395864371",
        "BYTES, 2g, 2000000000",
        "COUNT, -1, -1",
        "COUNT, 99999999999999k, 9007199254740991",
    })
    void typedValue_isCaseInsensitive_isRounded(Quantity quantity, String text, long value) {
        assertThat(quantity.parseRounded(text)).isEqualTo(value);
    }

    @Test
    void typedValue_invalid_isRejected() {
        assertThatThrownBy(() -> Quantity.COUNT.parseRounded("many"))
                .hasMessage("'many' (expected: a whole number, e.g. 10000 or 10k; k, M or G)");
    }

    @ParameterizedTest
    @CsvSource({
        "DURATION, 0, 0, 0",
        "DURATION, 812345678, 812ms, 812ms",
        "DURATION, 1500000, 1.5ms, 1.50ms",
        "DURATION, 1500000000, 1.5s, 1.50s",
        "DURATION, 999600, 1ms, 1.00ms",
        "DURATION, 59999000000, 60s, 60.0s",
        "DURATION, 90000000000, 1m30s, 1m30s",
        "BYTES, 999, 999B, 999B",
        "BYTES, 1000, 1000B, 1000B",
        "BYTES, 1536, 1.5KiB, 1.50KiB",
        "BYTES, 1048575, 1MiB, 1.00MiB",
        "BYTES, 1073741824, 1GiB, 1.00GiB",
        "PERCENT, 250, 250%, 250%",
        "COUNT, 9999, 9999, 9999",
        "COUNT, 12345, 12345, 12.3k",
        "COUNT, 999499, 999499, 999k",
        "COUNT, 999500, 999500, 1.00M",
        "COUNT, 123456789, 123456789, 123M",
    })
    void value_isFormatted(Quantity quantity, long value, String formatted, String compact) {
        assertThat(quantity.format(value)).isEqualTo(formatted);
        assertThat(quantity.compact(value)).isEqualTo(compact);
    }
}
