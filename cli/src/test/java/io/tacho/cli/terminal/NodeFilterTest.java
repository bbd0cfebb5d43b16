// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeFilterTest {

    private static final long NOW = 1_000 + 7_200;

    private final Node node = Nodes.live("chat-1", 1_500);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "CHAT",
                "chat -test",
                "state:lost,live",
                "clients>1k",
                "clients=1500",
                "num_clients<=1.5k",
                "cl-max<=5ms",
                "client_max=5ms",
                "memory=1gib",
                "memory>1gb",
                "cpu!=51",
                "up>1h",
                "name=chat-1",
                "uid=uid-chat-1"
            })
    void matchingFilter_holds(String text) {
        assertThat(NodeFilter.parse(text).holds(node, NOW)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"other", "-chat", "chat -1", "state:lost", "clients>2k", "cl-max>5ms", "up>3h", "name!=chat-1"})
    void otherFilter_doesNotHold(String text) {
        assertThat(NodeFilter.parse(text).holds(node, NOW)).isFalse();
    }

    @Test
    void parse_invalidFilter_isRejectedWithTheExpectedValue() {
        assertThatThrownBy(() -> NodeFilter.parse("clients>many"))
                .hasMessage("clients>many: 'many' (expected: a whole number, e.g. 10000 or 10k; k, M or G)");
        assertThatThrownBy(() -> NodeFilter.parse("foo>1"))
                .hasMessageStartingWith("column: 'foo' (expected: one of uid,");
        assertThatThrownBy(() -> NodeFilter.parse("state:dead")).hasMessageContaining("expected: one of lost, stale");
        assertThatThrownBy(() -> NodeFilter.parse("name>a")).hasMessage("name>a: name is text (expected: = or !=)");
    }
}
