// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacho.text.Glob;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests silences and {@link SilenceParser}. */
class SilenceTest {

    private static final Instant START = Instant.parse("2026-12-01T00:00:00Z");
    private static final Instant END = Instant.parse("2026-12-02T00:00:00Z");
    private static final Silence SILENCE = new Silence(new Glob("api-*"), new Glob("chat_?"), START, END);

    private static Silence parse(String line) {
        return SilenceParser.parse(Tokenizer.tokenize(line));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-30T23:59:59.999Z, PENDING",
        "2026-12-01T00:00:00Z, ACTIVE",
        "2026-12-01T23:59:59.999999999Z, ACTIVE",
        "2026-12-02T00:00:00Z, EXPIRED",
        "9999-12-31T00:00:00Z, EXPIRED"
    })
    void state_startIsInclusiveAndEndExclusive(Instant now, Silence.State state) {
        assertThat(SILENCE.stateAt(now)).isEqualTo(state);
    }

    @Test
    void state_withoutAStart_isNeverPending() {
        Silence open = new Silence(Glob.ANY, Glob.ANY, null, END);

        assertThat(open.stateAt(Instant.MIN)).isEqualTo(Silence.State.ACTIVE);
        assertThat(open.stateAt(END)).isEqualTo(Silence.State.EXPIRED);
    }

    @ParameterizedTest
    @CsvSource({
        "api-slow, chat_1, true",
        "api-, chat_1, true",
        "api, chat_1, false",
        "api-slow, chat_12, false",
        "api-slow, '', false",
        "API-slow, chat_1, false"
    })
    void activeSilence_appliesByBothNames(String rule, String node, boolean applies) {
        assertThat(SILENCE.appliesTo(rule, node, START)).isEqualTo(applies);
    }

    @Test
    void inactiveSilence_appliesToNothing() {
        assertThat(SILENCE.appliesTo("api-slow", "chat_1", START.minusNanos(1))).isFalse();
        assertThat(SILENCE.appliesTo("api-slow", "chat_1", END)).isFalse();
    }

    @Test
    void silenceOfAnyNode_appliesToClusterAlerts() {
        assertThat(new Silence(Glob.ANY, Glob.ANY, null, END).appliesTo("few", "", START))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "silence * until 2026-12-01T00:00:00Z",
                "silence a node=b from 2026-11-30T21:00:00Z until 2026-12-01T00:00:00Z",
                "silence a from 2026-11-30T21:00:00.500Z until 2026-12-01T00:00:00Z"
            })
    void text_parsedAgain_isEqual(String line) {
        assertThat(parse(line.substring("silence ".length()))).hasToString(line);
    }

    @Test
    void timesOfOtherZones_areConverted() {
        assertThat(parse("a from 2026-12-01T01:00+01:00 until 2026-12-01T19:00-05:00"))
                .isEqualTo(new Silence(new Glob("a"), Glob.ANY, START, END));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | end of line (expected: the name of a rule; * matches any text)",
                "a | end of line (expected: until TIME)",
                "a from 2026-12-01T00:00Z | end of line (expected: until TIME)",
                "a from 2026-12-01T00:00Z to 2026-12-02T00:00Z | 'to' (expected: until TIME)",
                "a until | end of line (expected: a time, e.g. 2026-12-01T00:00Z)",
                "a until 2026-12-01T00:00Z node=b | 'node=b' (expected: end of line)",
                "a from 2026-12-01T00:00Z until 2026-12-01T00:00Z | from 2026-12-01T00:00:00Z until 2026-12-01T00:00:00Z"
                        + " (expected: an end after the start)",
                "a until 2026-12-01 | '2026-12-01' (expected: a time with its zone, e.g. 2026-12-01T00:00Z or"
                        + " 2026-12-01T01:00+01:00)",
                "a until 2026-12-01T00:00 | '2026-12-01T00:00' (expected: a time with its zone, e.g. 2026-12-01T00:00Z"
                        + " or 2026-12-01T01:00+01:00)"
            })
    void error_hasTheFoundAndTheExpectedValue(String line, String error) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(line)).withMessage(error);
    }

    @Test
    void states_areWrittenInLowerCase() {
        assertThat(Silence.State.values()).extracting(Object::toString).containsExactly("pending", "active", "expired");
    }
}
