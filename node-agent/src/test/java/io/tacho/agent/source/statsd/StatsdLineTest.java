// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatsdLineTest {

    @Test
    void parse_allTypes() throws Rejected {
        assertThat(StatsdLine.parse("a.b:1|c")).isEqualTo(new StatsdLine("a.b", List.of("1"), StatsdType.COUNTER, 1));
        assertThat(StatsdLine.parse("a:1.5|ms|@0.1"))
                .isEqualTo(new StatsdLine("a", List.of("1.5"), StatsdType.TIMER, 0.1));
        assertThat(StatsdLine.parse("a:+5|g")).isEqualTo(new StatsdLine("a", List.of("+5"), StatsdType.GAUGE, 1));
        assertThat(StatsdLine.parse("a:u17|s")).isEqualTo(new StatsdLine("a", List.of("u17"), StatsdType.SET, 1));
    }

    @Test
    void parse_dogStatsdExtensions() throws Rejected {
        assertThat(StatsdLine.parse("a:1:2:3|d|@0.5|#env:prod,x|c:ci-1|T1656581400"))
                .isEqualTo(new StatsdLine("a", List.of("1", "2", "3"), StatsdType.TIMER, 0.5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "a MALFORMED",
                "a:1 MALFORMED",
                ":1|c MALFORMED",
                "a:|c MALFORMED",
                "a|c MALFORMED",
                "a:1|x UNKNOWN_TYPE",
                "a:1| UNKNOWN_TYPE",
                "a:1|c|@0 BAD_RATE",
                "a:1|c|@2 BAD_RATE",
                "a:1|c|@x BAD_RATE",
                "_e{5,4}:title|text NO_METRIC",
                "_sc|check|0 NO_METRIC",
            })
    void parse_invalidLine_isRejected(String line, Rejected.Reason reason) {
        assertThatThrownBy(() -> StatsdLine.parse(line))
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.reason).isEqualTo(reason));
    }

    @Test
    void parse_randomInput_isLineOrRejected() {
        Random random = new Random(7);
        String alphabet = "ab.:|@#cgms0129+-eE\u0000ü ";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder line = new StringBuilder(i % 2 == 0 ? "" : "tacho.a:1|c|@0.5");
            for (int n = random.nextInt(12); n >= 0; n--) {
                line.insert(random.nextInt(line.length() + 1), alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                assertThat(StatsdLine.parse(line.toString()).values()).isNotEmpty();
            } catch (Rejected e) {
                assertThat(e.reason).isNotNull();
            }
        }
    }
}
