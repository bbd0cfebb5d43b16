// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacho.aggregator.alert.rule.Threshold.Operator;
import io.tacho.aggregator.cluster.ClusterMetric;
import io.tacho.text.Glob;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleParserTest {

    private static Rule parse(String line) {
        return RuleParser.parse(Tokenizer.tokenize(line));
    }

    private static String parsedText(String condition) {
        return parse("r " + condition).condition().toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lost",
                "lost node=a*",
                "outlier node=?",
                "nodes < 3",
                "nodes >= 10k for 90m node=x",
                "absent label=zone=eu",
                "absent label=_a=b=c for 1d",
                "time_api_p99 > 1.5ms for 1 window",
                "cpu_usage >= 80% for 1000 windows node=a",
                "memory_sys <= 1GiB for 2 windows",
                "num_clients < 0.5x median for 3 windows",
                "num_clients >= 9999.999x median for 1 window node=a",
                "num_clients rises > 99999% within 10 windows node=a",
                "num_clients falls > 99% within 1 window",
                "cluster num_clients falls > 1% within 1000 windows",
                "cluster time_client_p999 > 1s for 5 windows",
                "age > 1s node=b",
                "stale >= 1m"
            })
    void condition_parsedAndFormatted_isUnchanged(String condition) {
        String text = parsedText(condition);

        assertThat(parsedText(text)).isEqualTo(text);
        assertThat(parse("r " + text)).isEqualTo(parse("r " + condition));
    }

    @Test
    void rule_hasNameConditionAndSeverity() {
        assertThat(parse("a.b-c_1 lost severity=critical"))
                .isEqualTo(new Rule("a.b-c_1", new Condition.LostNode(Glob.ANY), "critical"))
                .hasToString("rule a.b-c_1  lost severity=critical");
    }

    @Test
    void severity_absent_isTheDefault() {
        assertThat(parse("a lost").severity()).isEqualTo("warning");
        assertThat(parse("a lost severity=warning")).hasToString("rule a  lost");
    }

    @Test
    void minDuration_absent_isZero() {
        assertThat(parse("a nodes < 3").condition())
                .isEqualTo(new Condition.NodeCount(new Threshold(Operator.LESS, 3, "< 3"), Duration.ZERO, Glob.ANY));
    }

    @Test
    void minDuration_oneDay_isAccepted() {
        assertThat(parse("a absent label=zone=eu for 24h").condition())
                .isEqualTo(new Condition.AbsentLabel("zone", "eu", Duration.ofDays(1)));
    }

    @ParameterizedTest
    @CsvSource({"500ns, 500", "1.5us, 1500", "2m, 120000000000", "1d, 86400000000000"})
    void durationThreshold_isInNanoseconds(String text, long nanos) {
        assertThat(parse("a time_api_max > " + text).condition())
                .isInstanceOfSatisfying(
                        Condition.NodeField.class,
                        condition -> assertThat(condition.threshold().limit()).isEqualTo(nanos));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "a.b", "9-_.", "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"})
    void name_valid_isAccepted(String name) {
        assertThat(parse(name + " lost").name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A",
                "-a",
                ".a",
                "_a",
                "ä",
                "a/b",
                "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz01"
            })
    void name_invalid_isRejected(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(name + " lost"))
                .withMessage("rule name '" + name + "' (expected: lowercase letters, digits, - _ and ., at most 63)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "uid > 1 | 'uid' cannot have a threshold (expected: one of ",
                "started_at > 1 | 'started_at' cannot have a threshold (expected: one of ",
                "num_clients > 9007199254740992 | '9007199254740992' (expected: a whole number",
                "num_clients > -1 | '-1' (expected: a whole number",
                "num_clients > NaN | 'NaN' (expected: a whole number",
                "num_clients > 1e3 | '1e3' (expected: a whole number",
                "num_clients > ٣ | '٣' (expected: a whole number",
                "num_clients > > | '>' (expected: a whole number",
                "num_clients >= 1x median | '>= 1x' (expected: a factor above 1, e.g. 3x)",
                "num_clients < 0x median | '< 0x' (expected: a factor between 0 and 1, e.g. 0.5x)",
                "num_clients <= 1x median | '<= 1x' (expected: a factor between 0 and 1, e.g. 0.5x)",
                "num_clients > 3x | end of line (expected: median)",
                "num_clients > 10000x median | '10000x' (expected: a whole number",
                "num_clients rises > 0% within 3 windows | '0%' (expected: a percentage, 1% to 99999%)",
                "num_clients rises > 100000% within 3 windows | '100000%' (expected: a percentage, 1% to 99999%)",
                "num_clients rises >= 5% within 3 windows | '>=' (expected: >)",
                "cluster num_clients rises > 5% within 1001 windows | within '1001' (expected: windows, 1 to 1000)",
                "num_clients > 1 for 1001 windows | for '1001' (expected: windows, 1 to 1000)",
                "num_clients > 1 for 10000 windows | for '10000' (expected: windows, 1 to 1000)",
                "num_clients > 1 for -1 windows | for '-1' (expected: windows, 1 to 1000)",
                "nodes > 1 for 86401s | for 86401s (expected: at most 24h)",
                "age >= 999ms | '>= 999ms' (expected: at least 1s)",
                "stale <= 5s | '<= 5s' (expected: > and a duration)",
                "absent label=1zone=eu | 'label=1zone=eu' (expected: label=NAME=VALUE)",
                "absent label=zone= | 'label=zone=' (expected: label=NAME=VALUE)"
            })
    void error_hasTheFoundAndTheExpectedValue(String condition, String error) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("r " + condition))
                .withMessageStartingWith(error);
    }

    @Test
    void everyMetric_hasARuleOfEachKind() {
        for (String name : ClusterMetric.names()) {
            String limit = switch (ClusterMetric.of(name).unit()) {
                case NANOSECONDS -> "1s";
                default -> "1";
            };
            assertThat(parse("r " + name + " > " + limit).condition()).isInstanceOf(Condition.NodeField.class);
            assertThat(parse("r cluster " + name + " > " + limit).condition())
                    .isInstanceOf(Condition.ClusterTotal.class);
            assertThat(parse("r " + name + " > 2x median").condition()).isInstanceOf(Condition.NodeFactor.class);
            assertThat(parse("r " + name + " falls > 5% within 2 windows").condition())
                    .isInstanceOf(Condition.NodeChange.class);
        }
    }

    /** Any sequence of words is a rule or an error with the found and the expected value. */
    @Test
    void randomWords_areARuleOrAnErrorWithExpectedValue() {
        String[] words = {
            "lost",
            "nodes",
            "cluster",
            "num_clients",
            "time_api_p99",
            ">",
            "<",
            ">=",
            "3",
            "0",
            "5%",
            "2x",
            "1s",
            "median",
            "for",
            "within",
            "windows",
            "falls",
            "rises",
            "node=a",
            "severity=x",
            "absent",
            "label=a=b",
            "age"
        };
        Random random = new Random(11);
        int rules = 0;
        for (int round = 0; round < 20_000; round++) {
            StringBuilder line = new StringBuilder("r");
            for (int i = random.nextInt(8); i >= 0; i--) {
                line.append(' ').append(words[random.nextInt(words.length)]);
            }
            try {
                Rule rule = parse(line.toString());
                assertThat(parse(rule.toString().substring("rule ".length()))).isEqualTo(rule);
                rules++;
            } catch (IllegalArgumentException e) {
                assertThat(e).as(line.toString()).hasMessageContaining("(expected: ");
            }
        }
        assertThat(rules).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "GREATER, 10, 10, false",
        "GREATER, 10, 11, true",
        "GREATER_OR_EQUAL, 10, 10, true",
        "GREATER_OR_EQUAL, 10, 9, false",
        "LESS, 10, 10, false",
        "LESS, 10, 9, true",
        "LESS_OR_EQUAL, 10, 10, true",
        "LESS_OR_EQUAL, 10, 11, false",
        "GREATER, 9007199254740991, 9223372036854775807, true",
        "LESS, 0, -9223372036854775808, true"
    })
    void threshold_isComparedExactly(Operator operator, long limit, long value, boolean violated) {
        assertThat(new Threshold(operator, limit, "text").isViolatedBy(value)).isEqualTo(violated);
    }
}
