// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageBufferTest {

    private final PageBuffer buffer = new PageBuffer();

    private String text() {
        return new String(buffer.bytes(), 0, buffer.size(), UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "0, 9, 0",
        "7, 0, 7",
        "1500, 3, 1.5",
        "1000, 3, 1",
        "5, 3, 0.005",
        "10, 3, 0.01",
        "-22, 2, -0.22",
        "-300, 2, -3",
        "9007199254740991, 0, 9007199254740991",
        "9223372036854775807, 9, 9223372036.854775807",
        "100000000000, 9, 100"
    })
    void putDecimal_writesTheShortestForm(long number, int decimals, String expected) {
        assertThat(buffer.putDecimal(number, decimals)).isSameAs(buffer);
        assertThat(text()).isEqualTo(expected);
    }

    @Test
    void putDecimal_anyNumber_isExact() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            long number = random.nextLong() >> random.nextInt(63);
            int decimals = random.nextInt(10);
            buffer.clear();
            buffer.putDecimal(number, decimals);

            assertThat(new BigDecimal(text())).isEqualByComparingTo(BigDecimal.valueOf(number, decimals));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 00", "1, 01", "127, 7f", "128, 8001", "300, ac02", "-1, ffffffffffffffffff01"})
    void putVarint_anyNumber_isExact(long number, String expected) {
        buffer.putVarint(number);

        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < buffer.size(); i++) {
            hex.append(String.format("%02x", buffer.bytes()[i]));
        }
        assertThat(hex).hasToString(expected);
    }

    @Test
    void put_growsAsNeeded() {
        for (int i = 0; i < 30_000; i++) {
            buffer.put("é").put('x').put(new byte[] {'a', 'b', 'c'}, 1, 2);
        }

        assertThat(text()).isEqualTo("éxb".repeat(30_000));
    }
}
