// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v1;

/** Decodes UTF-8 like Go: each byte that belongs to no character becomes U+FFFD. */
final class GoText {

    private static final char REPLACEMENT = '\uFFFD';

    private GoText() {}

    static String decode(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (int i = 0; i < bytes.length; ) {
            int length = length(bytes, i);
            if (length == 0) {
                text.append(REPLACEMENT);
                i++;
            } else {
                text.appendCodePoint(codePoint(bytes, i, length));
                i += length;
            }
        }
        return text.toString();
    }

    /** Returns the number of bytes of the character at this position, or 0 if it is malformed. */
    private static int length(byte[] bytes, int start) {
        int first = bytes[start] & 0xff;
        if (first < 0x80) {
            return 1;
        }
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || start + length > bytes.length) {
            return 0;
        }
        for (int i = start + 1; i < start + length; i++) {
            if ((bytes[i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        int codePoint = codePoint(bytes, start, length);
        boolean shortest = length == 2 || codePoint >= (length == 3 ? 0x800 : 0x10000);
        boolean surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
        return shortest && !surrogate && codePoint <= Character.MAX_CODE_POINT ? length : 0;
    }

    private static int codePoint(byte[] bytes, int start, int length) {
        int first = bytes[start] & 0xff;
        int codePoint = length == 1 ? first : first & (0xff >> (length + 1));
        for (int i = start + 1; i < start + length; i++) {
            codePoint = codePoint << 6 | (bytes[i] & 0x3f);
        }
        return codePoint;
    }

    /** Replaces unpaired surrogates, which only escapes can produce, by U+FFFD. */
    static String wellFormed(String text) {
        StringBuilder result = new StringBuilder(text.length());
        text.codePoints()
                .forEach(point -> result.appendCodePoint(
                        point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? REPLACEMENT : point));
        return result.toString();
    }
}
