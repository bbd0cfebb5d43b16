// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import java.util.Arrays;

/** Reads those parts of MessagePack that consist of strings, byte arrays, integers, and arrays and maps of these. */
public final class MessagePack {

    private static final int FIX_MAP = 0x80;
    private static final int FIX_ARRAY = 0x90;
    private static final int FIX_STRING = 0xa0;
    private static final int NIL = 0xc0;
    private static final int NEGATIVE_FIX_INTEGER = 0xe0;

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
