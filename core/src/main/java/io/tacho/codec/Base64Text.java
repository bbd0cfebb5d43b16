// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import io.tacho.model.WindowDetail;
import java.util.Base64;

/** Reads base64 of the standard alphabet, with padding or without. */
final class Base64Text {

    private static final int MAX_LENGTH = 4 * WindowDetail.MAX_BYTES / 3;

    private Base64Text() {}

    /**
     * Decodes the text of a member.
     *
     * @throws IllegalArgumentException naming the member, if the text is empty, too long or not base64
     */
    static byte[] decode(String member, String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    member + ": " + text.length() + " characters (expected: 1 to " + MAX_LENGTH + ")");
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(member + ": " + problem(text) + " (expected: base64)", e);
        }
    }

    private static String problem(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean valid = (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || c == '+'
                    || c == '/'
                    || (c == '=' && i >= text.length() - 2);
            if (!valid) {
                return "character U+%04X at index %d".formatted((int) c, i);
            }
        }
        return text.length() + " characters";
    }
}
