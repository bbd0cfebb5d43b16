// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageSequenceTest {

    private final MessageSequence sequence = new MessageSequence(1_000);

    @Test
    void next_isAscending() {
        assertThat(sequence.next()).isEqualTo(1_001);
        assertThat(sequence.next()).isEqualTo(1_002);
    }

    @ParameterizedTest
    @CsvSource({
        "999, false, 1001, below the last one",
        "1000, false, 1001, the last one",
        "5000, true, 5001, above the last one",
        "4503599627370496, true, 4503599627370497, the highest valid one",
        "4503599627370497, false, 1001, no time in milliseconds",
    })
    void raise_continuesAfterHigherNumber(long registered, boolean raised, long next, String why) {
        assertThat(sequence.raise(registered)).as(why).isEqualTo(raised);
        assertThat(sequence.next()).as(why).isEqualTo(next);
    }
}
