// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsJsonTest {

    private static Scrape parse(String json) {
        Scrape.Builder scrape = Scrape.builder(new ScrapeForm("a test", "", List.of(), List.of("")));
        MetricsJson.parse(json, scrape);
        return scrape.build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":5} | a | 5",
                "{\"a\":{\"b\":{\"c\":1.5}}} | a_b_c | 1.5",
                "{\"http stats\":{\"/varz\":7}} | http_stats__varz | 7",
                "{\"a-b.c\":2} | a_b_c | 2",
                "{\"start\":\"2026-11-22T10:00:00.5Z\"} | start | 1795341600.5",
                "{\"start\":\"2026-11-22T11:00:00+01:00\"} | start | 1795341600",
            })
    void number_isNamedByPath(String json, String name, double value) {
        assertThat(parse(json).sum(name)).hasValue(value);
    }

    @Test
    void text_isLabel() {
        Scrape scrape = parse("{\"version\":\"2.10.1\"}");

        assertThat(scrape.label("version", "value")).isEqualTo("2.10.1");
        assertThat(scrape.sum("version")).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":[1,2]}", "{\"a\":true}", "{\"a\":null}", "{\"a\":{}}", "{}", "[1]", "5"})
    void otherValues_areNotSamples(String json) {
        assertThat(parse(json).own("a")).isEqualTo(Map.of());
    }

    @Test
    void invalidJson_isRejected() {
        assertThatThrownBy(() -> parse("{\"a\":5,}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("malformed JSON: ");
    }

    @ParameterizedTest
    @CsvSource({
        "'{}', true",
        "' {\"a\":1}\n', true",
        "'a{b=\"c\"} 5', false",
        "'{', false",
        "'', false",
        "'# {}', false"
    })
    void isJson_detectsFormat(String text, boolean expected) {
        assertThat(MetricsJson.isJson(text)).isEqualTo(expected);
    }
}
