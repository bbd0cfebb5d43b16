// SPDX-License-Identifier: Apache-2.0
package io.tacho.agentcheck;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentCheckResponseTest {

    @ParameterizedTest
    @CsvSource({
        "0, 1000, ready up 100%",
        "380, 1000, ready up 62%",
        "999, 1000, ready up 1%",
        "1000, 1000, ready up 1%",
        "5000, 1000, ready up 1%",
        "7, 0, ready up",
        "0, 9007199254740991, ready up 100%",
    })
    void weight_isPercentageOfFreeCapacity(long clients, long capacity, String expected) {
        assertThat(AgentCheckResponse.of(false, clients, capacity)).isEqualTo(expected);
    }

    @Test
    void draining_hasNoWeight() {
        assertThat(AgentCheckResponse.of(true, 1, 1_000)).isEqualTo("drain");
    }

    @Test
    void down_containsReason() {
        assertThat(AgentCheckResponse.down("no node")).isEqualTo("down #no node");
    }
}
