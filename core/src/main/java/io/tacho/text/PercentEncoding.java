// SPDX-License-Identifier: Apache-2.0
package io.tacho.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/** PercentEncoding-encoding, as it stands in paths and queries. */
public final class PercentEncoding {

    private PercentEncoding() {}

    /**
     * Decodes text whose characters are bytes.
     *
     * @param plusIsSpace as in forms
     * @return UTF-8 as text; null if an escape is broken or what comes out is no UTF-8
     */
    public static @Nullable String decode(String encoded, boolean plusIsSpace) {
        byte[] bytes = decodeBytes(encoded, plusIsSpace);
        if (bytes == null) {
            return null;
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** The same, whatever bytes come out. */
    public static byte @Nullable [] decodeBytes(String encoded, boolean plusIsSpace) {
        byte[] in = encoded.getBytes(ISO_8859_1);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%') {
                boolean whole = i + 2 < in.length;
                int high = whole ? Character.digit((char) in[i + 1], 16) : -1;
                int low = whole ? Character.digit((char) in[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    return null;
                }
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(plusIsSpace && in[i] == '+' ? ' ' : in[i]);
            }
        }
        return out.toByteArray();
    }
}
