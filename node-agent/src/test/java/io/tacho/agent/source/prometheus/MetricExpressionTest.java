// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.agent.source.scrape.Increase;
import io.tacho.agent.source.scrape.Labels;
import io.tacho.agent.source.scrape.Scrape;
import io.tacho.agent.source.scrape.ScrapeForm;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricExpressionTest {

    private static final ScrapeForm ALL = new ScrapeForm("a test", "", List.of(), List.of(""));

    private final Scrape.Builder scrape = Scrape.builder(ALL);

    private MetricExpressionTest add(String name, Map<String, String> labels, double value) {
        scrape.add(name, Labels.of(labels), value);
        return this;
    }

    private OptionalDouble value(String expression) {
        return MetricExpression.parse(expression).value(scrape.build());
    }

    private static Scrape of(Map<String, Double> values) {
        Scrape.Builder scrape = Scrape.builder(ALL);
        values.forEach((name, value) -> scrape.add(name, Labels.of(Map.of()), value));
        return scrape.build();
    }

    private static OptionalDouble increase(String expression, Map<String, Double> before, Map<String, Double> now) {
        return MetricExpression.parse(expression).increase(new Increase(of(before), of(now)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a; 111",
                "a{}; 111",
                "a{zone=\"x\"}; 11",
                "a{zone!=\"x\"}; 100",
                "a{zone=~\"x|y\"}; 111",
                "a{zone!~\"x.*\"}; 100",
                "a{zone=~\"\"}; 0",
                "a{zone=\"x\",code=\"1\"}; 1",
                "a { zone = \"x\" , code != \"1\" } * 2; 20",
                "a + b; 116",
                "a{zone=\"x\"} + b * 0.5 + c; 13.5",
                "missing | b; 5",
                "missing + a | b; 111",
                "b{kind=\"\"}; 5",
                "b{kind!=\"\"}; 0",
                "a{zone=\"p+q|r,s\"} + b; 5",
            })
    void value_isSumOfMatchingSeries(String expression, double expected) {
        add("a", Map.of("zone", "x", "code", "1"), 1);
        add("a", Map.of("zone", "x", "code", "2"), 10);
        add("a", Map.of("zone", "y", "code", "1"), 100);
        add("b", Map.of(), 5);

        assertThat(value(expression).orElse(0)).isEqualTo(expected);
    }

    @Test
    void value_noMatchingSeries_isUnknown() {
        assertThat(value("a")).isEmpty();
        assertThat(value("a | b + c")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "1a", "a b", "a +", "+ a", "a |", "a *", "a * x", "a{zone=\"x\"", "a}"})
    void expression_invalid_isNamedInError(String text) {
        assertThatThrownBy(() -> MetricExpression.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("(expected: a metric like name{label=\"value\"} * 1.5)");
    }

    @Test
    void condition_invalid_isNamedInError() {
        for (String condition : List.of("zone", "zone=x", "zone==\"x\"", "9=\"x\"")) {
            assertThatThrownBy(() -> MetricExpression.parse("a{" + condition + "}"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "'" + condition + "' (expected: a condition like label=\"value\", with =, !=, =~ or !~)");
        }
    }

    @Test
    void factor_notNumeric_isNamedInError() {
        assertThatThrownBy(() -> MetricExpression.parse("a * 1.2.3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'1.2.3' (expected: a number after *)");
    }

    @Test
    void pattern_invalid_isNamedInError() {
        assertThatThrownBy(() -> MetricExpression.parse("a{zone=~\"(x\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'(x' (expected: a regular expression after =~ or !~)");
    }

    @Test
    void metrics_includeAllAlternatives() {
        assertThat(MetricExpression.parse("a + b*2 | c{x=\"|\"}").metrics()).containsExactly("a", "b", "c");
    }

    @Test
    void increase_isSumOfIncreasePerTerm() {
        assertThat(increase("a * 2 + b", Map.of("a", 1.0, "b", 5.0), Map.of("a", 4.0, "b", 6.0)))
                .hasValue(7);
        assertThat(increase("a", Map.of(), Map.of("a", 4.0))).as("new metric").hasValue(4);
        assertThat(increase("a", Map.of("a", 9.0), Map.of("a", 4.0)))
                .as("counter reset")
                .hasValue(4);
        assertThat(increase("a", Map.of("a", 9.0), Map.of())).hasValue(0);
    }

    @Test
    void increase_alternativeChanges_isZero() {
        assertThat(increase("a | b", Map.of("b", 9.0), Map.of("a", 4.0, "b", 10.0)))
                .hasValue(0);
        assertThat(increase("a | b", Map.of(), Map.of("a", 4.0))).hasValue(4);
    }

    @Test
    void increase_invalidNumber_isUnknown() {
        assertThat(increase("a", Map.of("a", 1.0), Map.of("a", Double.NaN))).isEmpty();
        assertThat(increase("a", Map.of("a", -1.0), Map.of("a", 1.0))).isEmpty();
    }

    @Test
    void isComplete_checksUsedAlternative() {
        MetricExpression expression = MetricExpression.parse("a | b");

        assertThat(expression.isComplete(of(Map.of()))).isTrue();
        assertThat(expression.isComplete(of(Map.of("a", 1.0, "b", Double.NaN)))).isTrue();
        assertThat(expression.isComplete(of(Map.of("b", Double.NaN)))).isFalse();
        assertThat(expression.isComplete(of(Map.of("a", Double.NaN, "b", 1.0)))).isFalse();
    }

    @Test
    void labels_areThoseOfConditions() {
        assertThat(MetricExpression.labels("a{x=\"1\",y !~ \"b.*\"} + c{z_1!=\"2\"} * 2 | d"))
                .containsExactlyInAnyOrder("x", "y", "z_1");
        assertThat(MetricExpression.labels("a + b")).isEmpty();
    }

    @Test
    void labels_ofAMapping_areThoseOfItsLines() {
        assertThat(Mapping.parse("num_clients = a{x=\"1\"}\nversion = build{revision}\nextra.lag = timer t{z=~\"s\"}")
                        .form()
                        .labels())
                .containsExactlyInAnyOrder("x", "revision", "z");
    }
}
