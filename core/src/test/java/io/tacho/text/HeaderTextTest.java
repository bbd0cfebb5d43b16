// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "key", "kéy", "世界"})
    void bytesOfUtf8_areDecoded(String text) {
        assertThat(HeaderText.decoded(new String(text.getBytes(UTF_8), ISO_8859_1)))
                .isEqualTo(text);
    }
}
