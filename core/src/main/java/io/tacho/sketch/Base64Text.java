// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

import java.util.Base64;

/** Base64 of the standard alphabet, with padding or without. */
final class Base64Text {

    private Base64Text() {}

    /** @throws IllegalArgumentException for a text that is longer than it can be, or not base64 */
    static byte[] decode(String what, String text, int maxCharacters) {
        if (text.length() > maxCharacters) {
            throw new IllegalArgumentException(
                    what + ": " + text.length() + " characters (expected: at most " + maxCharacters + ")");
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + ": " + e.getMessage() + " (expected: base64)", e);
        }
    }
}
