// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tacho.agent.source.scrape.MetricsText.Sample;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "up 1                      | 1",
                "up\t1\t                   | 1",
                "up 1.624055e+06           | 1624055",
                "up 4e-05                  | 0.00004",
                "up 5. 1395066363000       | 5",
                "up -3                     | -3",
                "up NaN                    | NaN",
                "up +Inf                   | Infinity",
                "up -Inf                   | -Infinity",
            })
    void parse_number(String line, double value) {
        assertThat(MetricsText.parse(line)).isEqualTo(new Sample("up", Labels.NONE, value));
    }

    @Test
    void parse_labels() {
        assertThat(MetricsText.parse("a:b_1 { x = \"1\" , le=\"+Inf\", } 2").labels())
                .isEqualTo(Labels.of(Map.of("x", "1", "le", "+Inf")));
        assertThat(MetricsText.parse("a{} 2").labels()).isEqualTo(Labels.NONE);
        assertThat(MetricsText.parse("a{x=\"q\\\"\\\\\\n}, y=1\"} 2").labels())
                .isEqualTo(Labels.of(Map.of("x", "q\"\\\n}, y=1")));
        assertThat(MetricsText.parse("a{x=\"ü ☃\"} 2").labels()).isEqualTo(Labels.of(Map.of("x", "ü ☃")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "# HELP up {{{",
                "# TYPE",
                "#",
            })
    void isSilent_anyComment(String line) {
        assertThat(MetricsText.isSilent(line)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up",
                "up one",
                "up 1 2 3",
                "up 1 later",
                "up 0x10",
                "up 1d",
                "1up 1",
                "up{ 1",
                "up{x} 1",
                "up{x=} 1",
                "up{x=1} 1",
                "up{x=\"1} 1",
                "up{x=\"1\"",
                "up{x=\"1\" y=\"2\"} 1",
                "up{x=\"1\",x=\"2\"} 1",
                "up{x=\"\\q\"} 1",
                "up{1x=\"\"} 1",
                "<html>",
                "{\"up\":1}",
            })
    void parse_malformedLine(String line) {
        assertThat(MetricsText.parse(line)).isNull();
    }

    @Test
    void parse_randomInput_doesNotThrow() {
        Random random = new Random(42);
        String alphabet = "ab_:{}=\"\\,+-.eE019 \tNaIinf#\u0000ü\uD83D";
        String good = "centrifugo_x{method=\"publish\",le=\"0.5\"} 1.5e+06 1395066363000";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder line = new StringBuilder(i % 2 == 0 ? good : "");
            for (int change = random.nextInt(6) + (i % 2) * 20; change > 0; change--) {
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                line.insert(random.nextInt(line.length() + 1), c);
                if (i % 2 == 0) {
                    line.deleteCharAt(random.nextInt(line.length()));
                }
            }
            String text = line.toString();
            assertThatCode(() -> MetricsText.parse(text)).as(text).doesNotThrowAnyException();
        }
    }
}
