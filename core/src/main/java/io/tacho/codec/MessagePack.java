// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads those parts of MessagePack that consist of strings, byte arrays, integers, and arrays and maps of these. */
public final class MessagePack {

    private static final int FIX_MAP = 0x80;
    private static final int FIX_ARRAY = 0x90;
    private static final int FIX_STRING = 0xa0;
    private static final int NIL = 0xc0;
    private static final int NEGATIVE_FIX_INTEGER = 0xe0;

    /** The replacement character for invalid UTF-8; valid text may contain it too. */
    private static final char REPLACEMENT = '\uFFFD';

    private final byte[] in;
    private int at;

    /** Creates a reader of one value. Its methods throw {@link IllegalArgumentException} if the next value has another type. */
    public MessagePack(byte[] in) {
        this.in = in;
    }

    /** {@return the next value, an integer} */
    public long integer() {
        int type = (int) unsigned(1);
        if (type < FIX_MAP) {
            return type;
        }
        if (type >= NEGATIVE_FIX_INTEGER) {
            return (byte) type;
        }
        return switch (type) {
            case 0xcc -> unsigned(1);
            case 0xcd -> unsigned(2);
            case 0xce -> unsigned(4);
            case 0xcf, 0xd3 -> unsigned(8);
            case 0xd0 -> (byte) unsigned(1);
            case 0xd1 -> (short) unsigned(2);
            case 0xd2 -> (int) unsigned(4);
            default -> throw unexpected(type, "an integer");
        };
    }

    /** {@return whether the next value is a string or a byte array} */
    public boolean isString() {
        int type = at < in.length ? in[at] & 0xff : NIL;
        return (type >= FIX_STRING && type < NIL) || (type >= 0xd9 && type <= 0xdb) || (type >= 0xc4 && type <= 0xc6);
    }

    /** {@return the length of an array, whose elements follow} */
    public int arrayLength() {
        int type = (int) unsigned(1);
        if (type >= FIX_ARRAY && type < FIX_STRING) {
            return type - FIX_ARRAY;
        }
        return switch (type) {
            case 0xdc -> (int) unsigned(2);
            case 0xdd -> (int) unsigned(4);
            default -> throw unexpected(type, "an array");
        };
    }

    /** {@return the number of entries of a map, whose keys and values follow, alternating} */
    public int mapSize() {
        int type = (int) unsigned(1);
        if (type >= FIX_MAP && type < FIX_ARRAY) {
            return type - FIX_MAP;
        }
        return switch (type) {
            case 0xde -> (int) unsigned(2);
            case 0xdf -> (int) unsigned(4);
            default -> throw unexpected(type, "a map");
        };
    }

    /** {@return the bytes of a string or byte array} */
    public byte[] bytes() {
        int length = stringLength();
        requireBytes(length);
        at += length;
        return Arrays.copyOfRange(in, at - length, at);
    }

    /** {@return a string; null if it is not UTF-8} */
    public @Nullable String text() {
        int length = stringLength();
        requireBytes(length);
        at += length;
        return utf8(in, at - length, length);
    }

    /** {@return text of UTF-8; null if the bytes are not UTF-8} */
    public static @Nullable String utf8(byte[] bytes, int from, int length) {
        String text = new String(bytes, from, length, UTF_8);
        return text.indexOf(REPLACEMENT) < 0 || isUtf8(ByteBuffer.wrap(bytes, from, length)) ? text : null;
    }

    private static boolean isUtf8(ByteBuffer bytes) {
        try {
            UTF_8.newDecoder().decode(bytes);
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Skips the next value if it is a string of these bytes; returns whether it is. */
    boolean skip(byte[] string) {
        int start = at;
        int length = stringLength();
        requireBytes(length);
        if (length == string.length && Arrays.equals(in, at, at + length, string, 0, length)) {
            at += length;
            return true;
        }
        at = start;
        return false;
    }

    /** Skips the next value, a string. */
    void skipString() {
        int length = stringLength();
        requireBytes(length);
        at += length;
    }

    /** {@return whether the next value is a string of digits that is an integer of at least 0 and at most 18 digits, without leading zeros} */
    boolean isDigits() {
        int start = at;
        int length = stringLength();
        requireBytes(length);
        int from = at;
        at = start;
        if (length == 0 || length > FieldsReader.SURE_DIGITS || (length > 1 && in[from] == '0')) {
            return false;
        }
        for (int i = from; i < from + length; i++) {
            if (in[i] < '0' || in[i] > '9') {
                return false;
            }
        }
        return true;
    }

    /** {@return the next value, a string for which {@link #isDigits()} is true, as an integer} */
    long digits() {
        int length = stringLength();
        long value = 0;
        for (int end = at + length; at < end; at++) {
            value = 10 * value + in[at] - '0';
        }
        return value;
    }

    /** {@return the number of bytes, including those that have been read} */
    int size() {
        return in.length;
    }

    private int stringLength() {
        int type = (int) unsigned(1);
        if (type >= FIX_STRING && type < NIL) {
            return type - FIX_STRING;
        }
        return switch (type) {
            case 0xc4, 0xd9 -> (int) unsigned(1);
            case 0xc5, 0xda -> (int) unsigned(2);
            case 0xc6, 0xdb -> (int) unsigned(4);
            default -> throw unexpected(type, "a string");
        };
    }

    private long unsigned(int bytes) {
        requireBytes(bytes);
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = (value << 8) | (in[at++] & 0xff);
        }
        return value;
    }

    private void requireBytes(int bytes) {
        if (bytes < 0 || bytes > in.length - at) {
            throw new IllegalArgumentException(
                    "MessagePack: " + in.length + " bytes (expected: at least " + (at + (bytes & 0xffffffffL)) + ")");
        }
    }

    private static IllegalArgumentException unexpected(int type, String expected) {
        return new IllegalArgumentException("MessagePack: type 0x%02x (expected: %s)".formatted(type, expected));
    }
}
