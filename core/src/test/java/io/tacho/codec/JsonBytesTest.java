// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBytesTest {

    private static String text(JsonBytes json) {
        return new String(json.toBytes(), UTF_8);
    }

    private static String number(long number) {
        JsonBytes json = new JsonBytes(1);
        json.append(number);
        return text(json);
    }

    @Test
    void number_aroundPowersOfTen() {
        assertThat(number(0)).isEqualTo("0");
        long power = 1;
        for (int digits = 1; digits <= 19; digits++) {
            for (long number : new long[] {power - 1, power, power + 1, 5 * (power / 10) + 7}) {
                assertThat(number(number)).isEqualTo(Long.toString(number));
                assertThat(JsonBytes.digits(number))
                        .isEqualTo(Long.toString(number).length());
            }
            power *= 10;
        }
        assertThat(number(Long.MAX_VALUE)).isEqualTo(Long.toString(Long.MAX_VALUE));
        assertThat(JsonBytes.digits(Long.MAX_VALUE)).isEqualTo(19);
    }

    @Test
    void randomParts_areAppendedInOrder() {
        Random random = new Random(11);
        for (int run = 0; run < 300; run++) {
            JsonBytes json = new JsonBytes(random.nextInt(4));
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < 30; i++) {
                switch (random.nextInt(4)) {
                    case 0 -> {
                        long number = random.nextLong() >>> (1 + random.nextInt(63));
                        json.append(number);
                        expected.append(number);
                    }
                    case 1 -> {
                        json.append(',');
                        expected.append(',');
                    }
                    case 2 -> {
                        json.append("a".repeat(i));
                        expected.append('"').append("a".repeat(i)).append('"');
                    }
                    default -> {
                        json.append("{}".getBytes(UTF_8));
                        expected.append("{}");
                    }
                }
                assertThat(json.length()).isEqualTo(expected.length());
            }
            int from = random.nextInt(expected.length());

            assertThat(new String(json.since(from), UTF_8)).isEqualTo(expected.substring(from));
            assertThat(text(json)).isEqualTo(expected.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "plain, '\"plain\"'",
        "'', '\"\"'",
        "'a\"b', '\"a\\\"b\"'",
        "'a\\b', '\"a\\\\b\"'",
        "'<a&b>', '\"\\u003ca\\u0026b\\u003e\"'",
        "ä, '\"ä\"'",
        "'\u2028', '\"\\u2028\"'",
        "'~', '\"~\"'",
    })
    void string_isEscapedLikeGo(String text, String json) {
        assertThat(new String(JsonBytes.quoted(text), UTF_8)).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "\u001f", "\t", "\n", "\r", "\u007f", "😀", "日本", "mixed \"<\u0001>\" ä"})
    void string_roundTrips(String text) throws JsonProcessingException {
        assertThat(new ObjectMapper().readValue(new String(JsonBytes.quoted(text), UTF_8), String.class))
                .isEqualTo(text);
    }
}
