// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.alert.rule.Threshold.Operator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MedianFactorTest {

    @ParameterizedTest
    @CsvSource({
        "GREATER, 3, 301, 100, true",
        "GREATER, 3, 300, 100, false",
        "GREATER_OR_EQUAL, 3, 300, 100, true",
        "LESS, 0.5, 49, 100, true",
        "LESS_OR_EQUAL, 0.5, 50, 100, true",
        "LESS, 0.5, 50, 100, false",
        "GREATER_OR_EQUAL, 3, 0, 0, false",
        "GREATER, 3, 1, 0, false",
        "LESS_OR_EQUAL, 0.5, 0, 0, false",
        "GREATER, 3, 1, NaN, false"
    })
    void value_isComparedWithAMultipleOfTheMedian_unlessItIsZero(
            Operator operator, double factor, long value, double median, boolean expected) {
        assertThat(new MedianFactor(operator, factor, "text").isViolatedBy(value, median))
                .isEqualTo(expected);
    }
}
