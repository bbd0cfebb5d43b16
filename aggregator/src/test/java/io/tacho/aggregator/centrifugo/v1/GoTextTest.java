// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v1;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoTextTest {

    private static String decode(String hex) {
        return GoText.decode(HexFormat.of().parseHex(hex));
    }

    @Test
    void everyCharacter_isDecodedAsEncoded() {
        StringBuilder all = new StringBuilder();
        for (int point = 0; point <= Character.MAX_CODE_POINT; point += point < 0x3000 ? 1 : 97) {
            if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
                all.appendCodePoint(point);
            }
        }
        all.appendCodePoint(Character.MAX_CODE_POINT);

        assertThat(GoText.decode(all.toString().getBytes(UTF_8))).isEqualTo(all.toString());
    }

    /** Each malformed byte becomes one U+FFFD. */
    @ParameterizedTest
    @CsvSource({
        "80, 1",
        "ff, 1",
        "c0 80, 2",
        "c1 bf, 2",
        "c2, 1",
        "e0 80 80, 3",
        "e0 9f bf, 3",
        "e4 b8, 2",
        "ed a0 80, 3",
        "ed bf bf, 3",
        "f0 8f bf bf, 4",
        "f0 9f 98, 3",
        "f4 90 80 80, 4",
        "f5 80 80 80, 4",
        "fe, 1"
    })
    void malformedBytes_areReplacedOneByOne(String hex, int replacements) {
        assertThat(decode(hex.replace(" ", ""))).isEqualTo("\uFFFD".repeat(replacements));
        assertThat(decode("61" + hex.replace(" ", "") + "62")).isEqualTo("a" + "\uFFFD".repeat(replacements) + "b");
    }

    @Test
    void boundsOfEachLength_areCharacters() {
        assertThat(decode("7fc280dfbfe0a080ed9fbfee8080efbfbff0908080f48fbfbf"))
                .isEqualTo("\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff");
    }

    @Test
    void randomBytes_neverLoseAsciiAndStayWellFormed() {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[random.nextInt(24)];
            random.nextBytes(bytes);
            String text = GoText.decode(bytes);

            assertThat(GoText.wellFormed(text)).isEqualTo(text);
            long ascii = 0;
            for (byte b : bytes) {
                ascii += b >= 0 ? 1 : 0;
            }
            assertThat(text.chars().filter(c -> c < 0x80).count()).isEqualTo(ascii);
            assertThat(GoText.decode(text.getBytes(UTF_8))).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @CsvSource({"abc, abc", "'', ''", "😀, 😀"})
    void wellFormedText_isUnchanged(String text, String expected) {
        assertThat(GoText.wellFormed(text)).isEqualTo(expected);
    }

    @Test
    void unpairedSurrogates_areReplaced() {
        assertThat(GoText.wellFormed("a\ud800b\udc00\udc00\ud83d\ude00\ud800"))
                .isEqualTo("a\uFFFDb\uFFFD\uFFFD😀\uFFFD");
    }
}
