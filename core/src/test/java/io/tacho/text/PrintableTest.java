// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain ~", "ü€日本", "\uD83D\uDE00", "a\\b", "e\u0301"})
    void visibleText_isUnchanged(String text) {
        assertThat(Printable.line(text)).isEqualTo(text);
        assertThat(Printable.lines(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0, 7, 0x1b, 0x7f, 0x80, 0x85, 0x9b, 0x9d, 0xad, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a,
                0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0xfeff, 0xd800, 0xdfff, '\r'
            })
    void controlCharacter_isEscaped(int point) {
        String text = "a" + Character.toString(point) + "b";

        assertThat(Printable.line(text)).isEqualTo("a\\u%04xb".formatted(point));
        assertThat(Printable.lines(text)).isEqualTo("a\\u%04xb".formatted(point));
    }

    @Test
    void tagCharacter_isEscapedAsSurrogatePair() {
        assertThat(Printable.line("\udb40\udc41")).isEqualTo("\\udb40\\udc41");
    }

    @Test
    void lineBreaks_areEscapedOrIndented() {
        assertThat(Printable.line("a\nb\tc")).isEqualTo("a\\u000ab\\u0009c");
        assertThat(Printable.lines("a\n2026 forged\n  own\n\tat x\n")).isEqualTo("a\n  2026 forged\n  own\n\tat x\n");
    }
}
