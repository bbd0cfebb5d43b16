// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;

class PayloadTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "news", "Grüße", "€ 5", "a🚗b"})
    void text_sizeIsUtf8Length(String text) {
        assertThat(Payload.bytes(new TextMessage(text))).isEqualTo(text.getBytes(UTF_8).length);
    }

    @Test
    void binary_sizeIsByteLength() {
        assertThat(Payload.bytes(new BinaryMessage(ByteBuffer.allocate(7)))).isEqualTo(7);
    }

    @Test
    void ping_isNotData() {
        assertThat(Payload.isData(new PingMessage())).isFalse();
        assertThat(Payload.isData(new TextMessage("a"))).isTrue();
    }
}
