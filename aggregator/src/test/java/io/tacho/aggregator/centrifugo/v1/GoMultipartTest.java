// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoMultipartTest {

    private static final String PART = "--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\nv\r\n";

    private final List<String> values = new ArrayList<>();

    private boolean read(String body) {
        values.clear();
        return new GoMultipart(body, "b").read((name, value) -> values.add(name + "=" + value));
    }

    private static String part(String disposition, String value) {
        return "--b\r\nX: y\r\nContent-Disposition: " + disposition + "\r\n\r\n" + value + "\r\n";
    }

    @Test
    void randomParts_areReadInOrder() {
        Random random = new Random(29);
        String[] pieces = {"a", "\r\n", "--", "--c", "\n\n", "=", "ä", " ", "b", "\"", "-"};
        for (int round = 0; round < 500; round++) {
            String lineEnd = round % 2 == 0 ? "\r\n" : "\n";
            StringBuilder body = new StringBuilder(round % 3 == 0 ? "preamble" + lineEnd : "");
            List<String> expected = new ArrayList<>();
            for (int number = random.nextInt(5); number > 0; number--) {
                StringBuilder value = new StringBuilder("v");
                for (int piece = random.nextInt(8); piece > 0; piece--) {
                    value.append(pieces[random.nextInt(pieces.length)]);
                }
                // a line of the value must not begin as the delimiter does
                String text = value.toString().replace("\n--b", "\n-b") + "v";
                body.append("--b").append(lineEnd);
                body.append("content-disposition: form-data; name=n")
                        .append(number)
                        .append(lineEnd)
                        .append(lineEnd);
                body.append(text).append(lineEnd);
                expected.add("n" + number + "=" + text);
            }

            assertThat(read(body + "--b--" + lineEnd + "epilogue")).isTrue();
            assertThat(values).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "form-data; name=n | true",
                "FORM-DATA; NAME=\"n\" | true",
                "form-data; name=n; filename=f | false",
                "form-data; name=n; filename=\"\" | false",
                "form-data; name=\"\" | false",
                "form-data | false",
                "attachment; name=n | false",
                "form-data; name=n; name=m | false",
                "form-data; name=n x | false",
            })
    void part_isAValueIfItHasANameAndNoFileName(String disposition, boolean isValue) {
        assertThat(read(part(disposition, "v") + "--b--")).isTrue();
        assertThat(values).isEqualTo(isValue ? List.of("n=v") : List.of());
    }

    @Test
    void truncatedBody_isIncomplete_withTheEarlierValues() {
        String body = PART + PART + "--b--";
        int complete = PART.length();
        for (int length = 0; length < complete; length++) {
            read(body.substring(0, length));
            assertThat(values).as("%d bytes", length).isEmpty();
        }
        assertThat(read(PART + "--b--")).isTrue();
        assertThat(read(PART + "--b")).as("a last delimiter without a line end").isTrue();
        assertThat(read(PART + "--b x")).isFalse();
        assertThat(read(PART.substring(0, complete - 5))).isFalse();
        assertThat(read("")).isFalse();
        assertThat(read("--c\r\n\r\n--c--")).as("another boundary").isFalse();
    }

    @Test
    void partWithoutDispositionOrHeaders_isSkipped() {
        assertThat(read("--b\r\nX: y\r\n\r\nv\r\n--b\r\n\r\nv\r\n--b\r\nno colon\r\n\r\nv\r\n" + PART + "--b--"))
                .isTrue();
        assertThat(values).containsExactly("n=v");
    }

    @Test
    void emptyValue_isAValue() {
        assertThat(read(PART.replace("\r\nv\r\n", "\r\n\r\n") + "--b--")).isTrue();
        assertThat(values).containsExactly("n=");
    }
}
