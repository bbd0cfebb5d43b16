// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StripesTest {

    @ParameterizedTest
    @CsvSource({"1, 4", "2, 8", "3, 16", "4, 16", "5, 32", "8, 32", "9, 64", "16, 64", "17, 64", "256, 64"})
    void count_isBoundedPowerOfTwo(int processors, int count) {
        assertThat(Stripes.count(processors)).isEqualTo(count);
    }
}
