// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InfoCommandTest {

    private static InfoCommand of(String json) throws MalformedCommandException, JsonProcessingException {
        return InfoCommand.of(new ObjectMapper().readTree(json));
    }

    @Test
    void emptyObject_isPublishWithoutId() throws Exception {
        assertThat(of("{}")).isEqualTo(new InfoCommand(0, 0));
        assertThat(of("{}").isKnown()).isTrue();
        assertThat(of("{}").isInfo()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"info\"", "\"INFO\"", "\"Info\""})
    void info_methodName_isCaseInsensitive(String method) throws Exception {
        assertThat(of("{\"METHOD\":" + method + "}").isInfo()).isTrue();
    }

    @Test
    void methodNumber_isTheSameMethod() throws Exception {
        long info = of("{\"method\":\"info\"}").method();

        assertThat(of("{\"method\":" + info + "}").isInfo()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"-1, false", "0, true", "2147483647, false", "-2147483648, false", "1000, false"})
    void numberOfAMethod_isKnownOrNot(String method, boolean known) throws Exception {
        assertThat(of("{\"method\":" + method + "}").isKnown()).isEqualTo(known);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "7",
                "null",
                "{\"method\":\"\"}",
                "{\"method\":\"stats\"}",
                "{\"method\":null}",
                "{\"method\":1.5}",
                "{\"method\":2147483648}",
                "{\"method\":[]}",
                "{\"id\":-1}",
                "{\"id\":1.0}",
                "{\"id\":4294967296}",
                "{\"id\":18446744073709551617}",
                "{\"id\":\"1\"}"
            })
    void malformedCommand_isRejected(String json) {
        assertThatThrownBy(() -> of(json)).isInstanceOf(MalformedCommandException.class);
    }

    @Test
    void id_hasThirtyTwoBits() throws Exception {
        assertThat(of("{\"Id\":4294967295}").id()).isEqualTo(4_294_967_295L);
        assertThat(of("{\"id\":null}").id()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "info, true",
        "INFO, false",
        "Info, false",
        "stats, false",
        "'', false",
        ", false",
        "publish, true",
        "i, false"
    })
    void nameOfAMethod_isInLowerCase(String name, boolean known) {
        assertThat(InfoCommand.knows(name)).isEqualTo(known);
    }
}
