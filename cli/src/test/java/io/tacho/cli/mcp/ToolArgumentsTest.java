// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToolArgumentsTest {

    private static ToolArguments of(String name, Object value) {
        Map<String, Object> values = new HashMap<>();
        values.put(name, value);
        return new ToolArguments(values, List.of(name));
    }

    @Test
    void absentArguments_haveDefaults() {
        ToolArguments none = new ToolArguments(null, Set.of());

        assertThat(none.text("name")).isNull();
        assertThat(none.choice("order", List.of("asc", "desc"))).isEqualTo("asc");
        assertThat(none.number("limit", 20, 1, 50)).isEqualTo(20);
    }

    @Test
    void nullArguments_areAbsent() {
        assertThat(of("name", null).text("name")).isNull();
        assertThat(of("order", null).choice("order", List.of("asc", "desc"))).isEqualTo("asc");
        assertThat(of("limit", null).number("limit", 20, 1, 50)).isEqualTo(20);
    }

    @Test
    void unknownArgument_isRejectedWithTheKnownArguments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ToolArguments(Map.of("nme", "a"), List.of("uid", "name")))
                .withMessage("argument 'nme' (expected: one of uid, name)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ToolArguments(Map.of("a", 1), List.of()))
                .withMessage("argument 'a' (expected: none)");
    }

    @Test
    void text_isReturnedUnchanged() {
        assertThat(of("name", " ä\n").text("name")).isEqualTo(" ä\n");
        assertThat(of("name", "").text("name")).isEmpty();
    }

    @Test
    void textOfAnotherType_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("name", 7).text("name"))
                .withMessage("name: 7 (expected: a text)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("name", List.of("a")).text("name"))
                .withMessage("name: [a] (expected: a text)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ASC", "up", "asc "})
    void choice_unknown_isRejected(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("order", value).choice("order", List.of("asc", "desc")))
                .withMessage("order: '" + value + "' (expected: one of asc, desc)");
    }

    static Stream<Object> wholeNumbers() {
        return Stream.of(7, 7L, 7.0, 7f, (short) 7, BigInteger.valueOf(7));
    }

    @ParameterizedTest
    @MethodSource("wholeNumbers")
    void wholeNumber_ofAnyType_isAccepted(Object value) {
        assertThat(of("limit", value).number("limit", 20, 7, 7)).isEqualTo(7);
    }

    static Stream<Object> otherNumbers() {
        return Stream.of(
                0,
                51,
                -1,
                1.5,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                (1L << 32) + 7,
                Long.MIN_VALUE,
                BigInteger.ONE.shiftLeft(64).add(BigInteger.valueOf(7)),
                "7",
                true);
    }

    @ParameterizedTest
    @MethodSource("otherNumbers")
    void numberOutsideItsRangeOrForm_isRejected(Object value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("limit", value).number("limit", 20, 1, 50))
                .withMessage("limit: " + value + " (expected: a number from 1 to 50)");
    }
}
