// SPDX-License-Identifier: Apache-2.0
package io.tacho.spring.websocket;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/** The payload of text and binary frames. */
final class Payload {

    private Payload() {}

    /** {@return whether the frame is data, not a ping or pong} */
    static boolean isData(WebSocketMessage<?> message) {
        return message instanceof TextMessage || message instanceof BinaryMessage;
    }

    /** {@return the payload's length in bytes, text in UTF-8} */
    static long bytes(WebSocketMessage<?> message) {
        return message instanceof TextMessage text ? utf8Length(text.getPayload()) : message.getPayloadLength();
    }

    /** {@return the length in UTF-8, without encoding the text} */
    static long utf8Length(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // a surrogate pair is four bytes in two characters
                bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return bytes;
    }
}
