// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoMediaTypeTest {

    @ParameterizedTest
    @CsvSource({
        "text/plain, text/plain",
        "' TEXT/Plain ', text/plain",
        "form-data, form-data",
        "application/vnd.x+json;v=1, application/vnd.x+json"
    })
    void type_isInLowerCase(String header, String type) {
        assertThat(GoMediaType.parse(header).type()).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";", "text/", "/plain", "text/plain/x", "te xt/plain", "tëxt/plain", "; boundary=x"})
    void malformedType_isEmpty(String header) {
        assertThat(GoMediaType.parse(header)).isEqualTo(new GoMediaType("", Map.of()));
    }

    @Test
    void parameters_haveNamesInLowerCaseAndValuesAsWritten() {
        assertThat(GoMediaType.parse("a/b; Boundary=Xx ;charset = utf-8").parameters())
                .isEqualTo(Map.of("boundary", "Xx", "charset", "utf-8"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "a/b; x=\"y z\" | y z",
                "a/b; x=\"\" | ''",
                "a/b; x=\"a;b=c\" | a;b=c",
                "a/b; x=\"a\\\"b\\\\c\" | a\"b\\c",
                "a/b; x=\"ä\" | ä"
            })
    void quotedValue_isUnescaped(String header, String value) {
        assertThat(GoMediaType.parse(header).parameters()).containsEntry("x", value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b; x",
                "a/b; x=",
                "a/b; =y",
                "a/b; x=\"y",
                "a/b; x=y z",
                "a/b; ok=1; x=y,z",
                "a/b; x=\"y\rz\"",
                "a/b; x=ä"
            })
    void malformedParameter_allParametersAreDropped(String header) {
        assertThat(GoMediaType.parse(header)).isEqualTo(new GoMediaType("a/b", Map.of()));
    }

    @Test
    void repeatedParameter_headerIsMalformed() {
        assertThat(GoMediaType.parse("a/b; x=1; X=2")).isEqualTo(new GoMediaType("", Map.of()));
    }

    @Test
    void trailingSemicolonsAndSpaces_areIgnored() {
        assertThat(GoMediaType.parse("a/b; x=1 ; ;").parameters()).isEqualTo(Map.of("x", "1"));
    }

    @Test
    void hugeQuotedValue_isRead() {
        String value = "v".repeat(100_000);

        assertThat(GoMediaType.parse("a/b; x=\"" + value + "\"").parameters()).isEqualTo(Map.of("x", value));
    }

    @Test
    void hugeQuotedValueOfEscapes_isRead() {
        assertThat(GoMediaType.parse("a/b; x=\"" + "\\\"".repeat(100_000) + "\"")
                        .parameters())
                .isEqualTo(Map.of("x", "\"".repeat(100_000)));
    }
}
