// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** A growing array of UTF-8 JSON text, with strings escaped as Go's encoding/json does. Confined to one thread. */
final class JsonBytes {

    /** The two digits of each number below 100. */
    private static final byte[] PAIRS = new byte[200];

    private static final int MAX_DIGITS = 19;

    static {
        for (int i = 0; i < 100; i++) {
            PAIRS[2 * i] = (byte) ('0' + i / 10);
            PAIRS[2 * i + 1] = (byte) ('0' + i % 10);
        }
    }

    private byte[] bytes;
    private int length;

    JsonBytes(int capacity) {
        bytes = new byte[capacity];
    }

    int length() {
        return length;
    }

    void append(byte[] json) {
        reserve(json.length);
        System.arraycopy(json, 0, bytes, length, json.length);
        length += json.length;
    }

    void append(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
    }

    /** Appends a number that is not negative; the model has no others. */
    void append(long number) {
        int digits = digits(number);
        reserve(digits);
        int first = length;
        length += digits;
        long rest = number;
        int end = length;
        for (; end - first >= 2; end -= 2) {
            int pair = 2 * (int) (rest % 100);
            rest /= 100;
            bytes[end - 1] = PAIRS[pair + 1];
            bytes[end - 2] = PAIRS[pair];
        }
        if (end > first) {
            bytes[first] = (byte) ('0' + rest);
        }
    }

    void append(String text) {
        append(quoted(text));
    }

    /** {@return the number of decimal digits of a number that is not negative} */
    static int digits(long number) {
        int digits = 1;
        for (long power = 10; power <= number && digits < MAX_DIGITS; power *= 10) {
            digits++;
        }
        return digits;
    }

    /** {@return a string in JSON, with its quotation marks} */
    static byte[] quoted(String text) {
        byte[] quoted = new byte[text.length() + 2];
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&') {
                return escaped(text);
            }
            quoted[i + 1] = (byte) c;
        }
        quoted[0] = '"';
        quoted[quoted.length - 1] = '"';
        return quoted;
    }

    private static byte[] escaped(String text) {
        try {
            return WireJson.MAPPER.writeValueAsBytes(text);
        } catch (JsonProcessingException e) {
            // a string always has a JSON form
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the JSON text from that position on} */
    byte[] since(int position) {
        return Arrays.copyOfRange(bytes, position, length);
    }

    /** {@return all of the JSON text; nothing may be appended after that} */
    byte[] toBytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
