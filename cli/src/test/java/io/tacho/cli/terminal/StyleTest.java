// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StyleTest {

    @Test
    void paint_wrapsTheTextInItsCode() {
        assertThat(Style.GOOD.paint("live", true)).isEqualTo("\u001b[32mlive\u001b[0m");
    }

    @Test
    void paint_withoutColor_returnsTheText() {
        assertThat(Style.GOOD.paint("live", false)).isEqualTo("live");
    }

    @Test
    void paint_plainOrEmpty_hasNoCode() {
        assertThat(Style.PLAIN.paint("live", true)).isEqualTo("live");
        assertThat(Style.BAD.paint("", true)).isEmpty();
    }

    @Test
    void isWanted_colorTerminal_isTrue() {
        assertThat(Style.isWanted(true, Map.of("TERM", "xterm"))).isTrue();
    }

    @Test
    void isWanted_pipe_isFalse() {
        assertThat(Style.isWanted(false, Map.of("TERM", "xterm"))).isFalse();
    }

    @Test
    void isWanted_noColor_isFalse() {
        assertThat(Style.isWanted(true, Map.of("TERM", "xterm", "NO_COLOR", "1")))
                .isFalse();
    }

    @Test
    void isWanted_emptyNoColor_isIgnored() {
        assertThat(Style.isWanted(true, Map.of("TERM", "xterm", "NO_COLOR", "")))
                .isTrue();
    }

    @Test
    void isWanted_dumbOrUnknownTerminal_isFalse() {
        assertThat(Style.isWanted(true, Map.of("TERM", "dumb"))).isFalse();
        assertThat(Style.isWanted(true, Map.of())).isFalse();
    }
}
