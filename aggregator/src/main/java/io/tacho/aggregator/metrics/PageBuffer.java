// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Bytes of a page that are being made: grows as needed, and is reused for the next part.
 *
 * <p>Thread safety: confined to one thread.
 */
final class PageBuffer {

    private static final int MAX_DIGITS = 20;
    private static final int BASE = 10;

    private byte[] bytes = new byte[8 * 1024];
    private int size;

    int size() {
        return size;
    }

    byte[] bytes() {
        return bytes;
    }

    void clear() {
        size = 0;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
    }

    /** Makes room for that many bytes. */
    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }

    PageBuffer put(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
        return this;
    }

    PageBuffer put(byte[] source) {
        return put(source, 0, source.length);
    }

    PageBuffer put(byte[] source, int from, int to) {
        int length = to - from;
        reserve(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
        return this;
    }

    /** Appends a text as UTF-8. ASCII, which nearly all texts are, needs no copy. */
    PageBuffer put(String text) {
        int length = text.length();
        reserve(length);
        for (int i = 0; i < length; i++) {
            char next = text.charAt(i);
            if (next >= 0x80) {
                return put(text.getBytes(UTF_8));
            }
            bytes[size + i] = (byte) next;
        }
        size += length;
        return this;
    }

    /** Appends a decimal number: {@code 1500} with 3 decimal places is {@code 1.5}. */
    PageBuffer putDecimal(long number, int decimals) {
        reserve(MAX_DIGITS + 3);
        long value = number;
        if (value < 0) {
            bytes[size++] = '-';
            value = -value;
        }
        int places = decimals;
        while (places > 0 && value % BASE == 0) {
            value /= BASE;
            places--;
        }
        int end = size + Math.max(digits(value), places + 1) + (places > 0 ? 1 : 0);
        for (int at = end - 1, digit = 0; at >= size; digit++) {
            if (places > 0 && digit == places) {
                bytes[at--] = '.';
            }
            bytes[at--] = (byte) ('0' + value % BASE);
            value /= BASE;
        }
        size = end;
        return this;
    }

    private static int digits(long value) {
        int digits = 1;
        // a comparison takes less time than a division
        for (long power = BASE; digits < MAX_DIGITS - 1 && value >= power; power *= BASE) {
            digits++;
        }
        return digits;
    }

    /** Appends a number in the variable-length form of Protocol Buffers. */
    PageBuffer putVarint(long number) {
        reserve(BASE);
        long rest = number;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    /** Appends a number as a double, little endian. */
    PageBuffer putDouble(double number) {
        reserve(Double.BYTES);
        long bits = Double.doubleToLongBits(number);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            bytes[size++] = (byte) (bits >>> shift);
        }
        return this;
    }
}
