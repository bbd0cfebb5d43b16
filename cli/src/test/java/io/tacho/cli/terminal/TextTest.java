// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTest {

    @Test
    void width_ofWideAndCombiningCharacters() {
        assertThat(Text.width("abc")).isEqualTo(3);
        assertThat(Text.width("日本")).isEqualTo(4);
        assertThat(Text.width("e\u0301")).isEqualTo(1);
    }

    @Test
    void width_ofEmoji() {
        assertThat(Text.width("✅⭐⚡")).isEqualTo(6);
        assertThat(Text.width("⚡\uFE0F")).as("with a variation selector").isEqualTo(2);
        assertThat(Text.width("🚀🀄")).isEqualTo(4);
        assertThat(Text.width("→✓⚠")).as("symbols that are text").isEqualTo(3);
        assertThat(Text.width("a\u200Db")).as("with a joiner").isEqualTo(2);
    }

    @Test
    void width_ofEmojiSequence_isThatOfTheFirstEmoji() {
        assertThat(Text.width("👍🏽")).as("with a skin tone").isEqualTo(2);
        assertThat(Text.width("👩\u200D👩\u200D👧")).as("joined").isEqualTo(2);
        assertThat(Text.width("\u1112\u1161\u11AB"))
                .as("a syllable of three Jamo")
                .isEqualTo(2);
        assertThat(Text.cut("👩\u200D👩\u200D👧ab", 4)).isEqualTo("👩\u200D👩\u200D👧ab");
        assertThat(Text.cut("👩\u200D👩\u200D👧abc", 4)).isEqualTo("👩\u200D👩\u200D👧a…");
    }

    @Test
    void leftAndRight_haveTheRequestedWidth() {
        assertThat(Text.left("ab", 4)).isEqualTo("ab  ");
        assertThat(Text.right("ab", 4)).isEqualTo("  ab");
        assertThat(Text.left("abcdef", 4)).isEqualTo("abc…");
        assertThat(Text.left("日本語", 4)).isEqualTo("日… ");
        assertThat(Text.right("abcdef", 0)).isEmpty();
    }
}
