// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import java.util.Arrays;

/** Reads those parts of MessagePack that Redis makes of strings, integers and arrays of strings. */
final class MessagePack {

    private static final int FIX_ARRAY = 0x90;
    private static final int FIX_STRING = 0xa0;
    private static final int NIL = 0xc0;
    private static final int NEGATIVE_FIX_INTEGER = 0xe0;

    private final byte[] in;
    private int at;

    MessagePack(byte[] in) {
        this.in = in;
    }

    long integer() {
        int type = (int) unsigned(1);
        if (type < 0x80) {
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

    boolean isString() {
        int type = in[at] & 0xff;
        return (type >= FIX_STRING && type < NIL) || (type >= 0xd9 && type <= 0xdb);
    }

    int arrayLength() {
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

    byte[] bytes() {
        int length = stringLength();
        at += length;
        return Arrays.copyOfRange(in, at - length, at);
    }

    private int stringLength() {
        int type = (int) unsigned(1);
        if (type >= FIX_STRING && type < NIL) {
            return type - FIX_STRING;
        }
        return switch (type) {
            case 0xd9 -> (int) unsigned(1);
            case 0xda -> (int) unsigned(2);
            case 0xdb -> (int) unsigned(4);
            default -> throw unexpected(type, "a string");
        };
    }

    private long unsigned(int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = (value << 8) | (in[at++] & 0xff);
        }
        return value;
    }

    private static IllegalStateException unexpected(int type, String expected) {
        return new IllegalStateException("load.lua: type 0x%02x (expected: %s)".formatted(type, expected));
    }
}
