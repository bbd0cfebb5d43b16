// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PercentEncodingTest {

    @ParameterizedTest
    @CsvSource({
        "plain, plain",
        "a%20b, a b",
        "%2F%2f, //",
        "100%25, 100%",
        "%C3%A4, ä",
        "%F0%9F%98%80, 😀",
        "a%00b, 'a\u0000b'",
        "a%2Bb, a+b",
    })
    void decode_escapes(String encoded, String text) {
        assertThat(PercentEncoding.decode(encoded, false)).isEqualTo(text);
    }

    @Test
    void plus_isSpaceInFormsOnly() {
        assertThat(PercentEncoding.decode("a+b%2Bc", true)).isEqualTo("a b+c");
        assertThat(PercentEncoding.decode("a+b%2Bc", false)).isEqualTo("a+b+c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%2", "a%", "a%4", "%zz", "%2g", "%g2", "%-1", "%%41", "% 41", "%\u0660\u0661"})
    void invalidEscape_returnsNull(String encoded) {
        assertThat(PercentEncoding.decode(encoded, false)).isNull();
        assertThat(PercentEncoding.decodeBytes(encoded, true)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%80", "%C3", "%C3%28", "%ED%A0%80", "%F8%88%80%80%80", "%C0%AF", "\u00e4"})
    void invalidUtf8_isDecodedAsBytesOnly(String encoded) {
        assertThat(PercentEncoding.decode(encoded, false)).isNull();
        assertThat(PercentEncoding.decodeBytes(encoded, false)).isNotNull();
    }

    @Test
    void empty_isEmpty() {
        assertThat(PercentEncoding.decode("", true)).isEmpty();
        assertThat(PercentEncoding.decodeBytes("", true)).isEmpty();
    }

    @Test
    void bytes_ofAllValues_areDecoded() {
        StringBuilder encoded = new StringBuilder();
        byte[] expected = new byte[256];
        for (int i = 0; i < expected.length; i++) {
            encoded.append("%%%02x".formatted(i));
            expected[i] = (byte) i;
        }

        assertThat(PercentEncoding.decodeBytes(encoded.toString(), false)).isEqualTo(expected);
    }

    @Test
    void randomText_roundTrips() {
        Random random = new Random(5);
        for (int run = 0; run < 500; run++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                int c = random.nextInt(random.nextBoolean() ? 128 : Character.MAX_CODE_POINT + 1);
                if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                    text.appendCodePoint(c);
                }
            }

            assertThat(PercentEncoding.decode(URLEncoder.encode(text.toString(), UTF_8), true))
                    .isEqualTo(text.toString());
        }
    }
}
