// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.model.WindowDetail;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Base64TextTest {

    @Test
    void decode_randomBytes_withAndWithoutPadding() {
        Random random = new Random(3);
        for (int length = 1; length < 200; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);

            assertThat(Base64Text.decode("users", Base64.getEncoder().encodeToString(bytes)))
                    .isEqualTo(bytes);
            assertThat(Base64Text.decode(
                            "users", Base64.getEncoder().withoutPadding().encodeToString(bytes)))
                    .isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'ab-d' | 'users: character U+002D at index 2 (expected: base64)'",
                "'ab_d' | 'users: character U+005F at index 2 (expected: base64)'",
                "'ab cd' | 'users: character U+0020 at index 2 (expected: base64)'",
                "'a=bc' | 'users: character U+003D at index 1 (expected: base64)'",
                "'äbcd' | 'users: character U+00E4 at index 0 (expected: base64)'",
                "'abcde' | 'users: 5 characters (expected: base64)'",
                "'=' | 'users: 1 characters (expected: base64)'",
            })
    void invalidBase64_isRejected_withFirstError(String text, String message) {
        assertThatThrownBy(() -> Base64Text.decode("users", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void decodedLength_isBounded() {
        int max = 4 * WindowDetail.MAX_BYTES / 3;
        String longest = "A".repeat(max / 4 * 4);

        assertThat(Base64Text.decode("users", longest)).hasSize(longest.length() / 4 * 3);
        for (String text : new String[] {"", "A".repeat(max + 1)}) {
            assertThatThrownBy(() -> Base64Text.decode("users", text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("users: " + text.length() + " characters (expected: 1 to " + max + ")");
        }
    }
}
