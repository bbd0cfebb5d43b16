// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeIdentityTest {

    private static final double NOW = 1_000;

    private static String node(String uid, String name, int uptime) {
        return "{\"uid\":\"" + uid + "\",\"name\":\"" + name + "\"" + (uptime == 0 ? "" : ",\"uptime\":" + uptime)
                + "}";
    }

    private static NodeIdentity find(double startedAt, String... nodes) {
        return NodeIdentity.find(
                "{\"result\":{\"nodes\":[" + String.join(",", nodes) + "]}}",
                NOW - 0.5,
                NOW,
                startedAt,
                List.of("h_8000", "h_8001"));
    }

    @Test
    void find_returnsNodeWithSameStartTime() {
        assertThat(find(900.4, node("a", "x", 500), node("b", "y", 101))).isEqualTo(new NodeIdentity("b", "y"));
        assertThat(find(999.2, node("a", "x", 500), node("b", "y", 0)))
                .as("uptime is omitted while it is 0")
                .isEqualTo(new NodeIdentity("b", "y"));
    }

    @Test
    void find_severalMatches_prefersExpectedName() {
        assertThat(find(900, node("a", "x", 100), node("b", "h_8000", 100))).isEqualTo(new NodeIdentity("b", "h_8000"));
        assertThat(find(900, node("a", "x", 100), node("b", "y", 100))).isNull();
        assertThat(find(900, node("a", "h_8001", 100), node("b", "h_8000", 100)))
                .as("the first expected name has priority")
                .isEqualTo(new NodeIdentity("b", "h_8000"));
        assertThat(find(900, node("a", "h_8001", 100), node("b", "y", 100))).isEqualTo(new NodeIdentity("a", "h_8001"));
        assertThat(find(900, node("a", "h_8000", 100), node("b", "h_8000", 100)))
                .isNull();
    }

    @Test
    void find_uptimeOfLastReport_isAccepted() {
        assertThat(find(900, node("a", "x", 90))).isEqualTo(new NodeIdentity("a", "x"));
        assertThat(find(900, node("a", "x", 88))).isNull();
        assertThat(find(900, node("a", "x", 103))).isNull();
    }

    /** Observed on a loaded machine: 15 s after a common start, three nodes had reported uptimes of 12, 9 and 10 s. */
    @Test
    void find_nodesStartedTogether_expectedNameWinsOverNewerReport() {
        assertThat(find(985, node("a", "h_8003", 12), node("b", "h_8000", 9), node("c", "h_8002", 10)))
                .isEqualTo(new NodeIdentity("b", "h_8000"));
    }

    @Test
    void find_noMatchingStartTime_returnsNull() {
        assertThat(find(900, node("a", "x", 500))).isNull();
        assertThat(find(900, node("a b", "x", 100), node("b", "", 100))).isNull();
        assertThat(find(900)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"error\":{\"code\":108}}", "{\"result\":{}}"})
    void find_invalidInfoResponse_isRejected(String info) {
        assertThatThrownBy(() -> NodeIdentity.find(info, NOW, NOW, 900, List.of("x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: the result of info");
    }
}
