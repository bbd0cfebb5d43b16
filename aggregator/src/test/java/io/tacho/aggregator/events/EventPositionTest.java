// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ids of events, and the text of the stream. */
class EventPositionTest {

    private final EventStreamWriter writer = new EventStreamWriter();

    private String text() {
        return new String(writer.bytes(), UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0", "a1b2.7", "0123456789abcdef.999999999999999999"})
    void id_isReadAsWritten(String id) {
        assertThat(EventPosition.parse(id))
                .hasValueSatisfying(position -> assertThat(position).hasToString(id));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                ".",
                "a.",
                ".7",
                "a.-1",
                "A.7",
                "g.7",
                "a.7 ",
                "a.7\n",
                "a.7.8",
                "0123456789abcdef0.7",
                "a.1000000000000000000",
                "a.٧"
            })
    void invalidId_hasNoPosition(String id) {
        assertThat(EventPosition.parse(id)).isEmpty();
    }

    @Test
    void noEvents_textIsEmpty() {
        writer.append(new byte[0]);

        assertThat(writer.isEmpty()).isTrue();
        assertThat(writer.bytes()).isEmpty();
    }

    @Test
    void events_areSeparatedByEmptyLines() {
        writer.appendRetry(2_000)
                .appendEvent("joined", new EventPosition("ab", 7), "{\"a\":\"ä\"}".getBytes(UTF_8))
                .appendEvent("synced", "{}".getBytes(UTF_8));

        assertThat(text())
                .isEqualTo(
                        "retry: 2000\n\nid: ab.7\nevent: joined\ndata: {\"a\":\"ä\"}\n\nevent: synced\ndata: {}\n\n");
        assertThat(writer.length()).isEqualTo(writer.bytes().length);
    }

    @Test
    void parts_joined_areTheText() {
        writer.append("a".getBytes(UTF_8)).append("b".getBytes(UTF_8));

        assertThat(writer.parts()).hasSize(2);
        assertThat(text()).isEqualTo("ab");
    }
}
