// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/** The text of HTTP headers, which have bytes: clients send UTF-8, and Netty returns a character for each byte. */
public final class HeaderText {

    private HeaderText() {}

    /** {@return the value of a header as UTF-8} */
    public static String decoded(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) > '~') {
                return new String(value.getBytes(ISO_8859_1), UTF_8);
            }
        }
        return value;
    }
}
