// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"})
    void formulaCell_isEscapedAsText(String text) {
        assertThat(StatsMain.quoted(text, ',')).isEqualTo("\"'" + text + "\"");
    }

    @Test
    void otherCells_areQuotedIfNecessary() {
        assertThat(StatsMain.quoted("chat-1", ',')).isEqualTo("chat-1");
        assertThat(StatsMain.quoted("a,b", ',')).isEqualTo("\"a,b\"");
        assertThat(StatsMain.quoted("=\"x\"", ',')).isEqualTo("\"'=\"\"x\"\"\"");
        assertThat(StatsMain.quoted("=1", '\t')).isEqualTo("=1");
    }
}
