// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessagePackTest {

    /** Writes the smallest encoding of each value, like Redis. */
    private static final class Packer {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);

        void integer(long value) throws IOException {
            if (value >= -32 && value < 128) {
                out.writeByte((int) value);
            } else if (value >= 0) {
                unsigned(value);
            } else if (value >= Byte.MIN_VALUE) {
                out.writeByte(0xd0);
                out.writeByte((int) value);
            } else if (value >= Short.MIN_VALUE) {
                out.writeByte(0xd1);
                out.writeShort((int) value);
            } else if (value >= Integer.MIN_VALUE) {
                out.writeByte(0xd2);
                out.writeInt((int) value);
            } else {
                out.writeByte(0xd3);
                out.writeLong(value);
            }
        }

        private void unsigned(long value) throws IOException {
            if (value < 1 << 8) {
                out.writeByte(0xcc);
                out.writeByte((int) value);
            } else if (value < 1 << 16) {
                out.writeByte(0xcd);
                out.writeShort((int) value);
            } else if (value < 1L << 32) {
                out.writeByte(0xce);
                out.writeInt((int) value);
            } else {
                out.writeByte(0xcf);
                out.writeLong(value);
            }
        }

        void string(String text) throws IOException {
            length(text.length(), 0xa0, 32, 0xd9);
            out.writeBytes(text);
        }

        void array(int length) throws IOException {
            // arrays have no encoding with a one-byte length; 0xdb is a string
            if (length < 16) {
                out.writeByte(0x90 + length);
            } else if (length < 1 << 16) {
                out.writeByte(0xdc);
                out.writeShort(length);
            } else {
                out.writeByte(0xdd);
                out.writeInt(length);
            }
        }

        private void length(int length, int fix, int fixed, int type) throws IOException {
            if (length < fixed) {
                out.writeByte(fix + length);
            } else if (length < 1 << 8) {
                out.writeByte(type);
                out.writeByte(length);
            } else if (length < 1 << 16) {
                out.writeByte(type + 1);
                out.writeShort(length);
            } else {
                out.writeByte(type + 2);
                out.writeInt(length);
            }
        }

        MessagePack reader() {
            return new MessagePack(bytes.toByteArray());
        }
    }

    private static MessagePack of(int... bytes) {
        byte[] in = new byte[bytes.length];
        for (int i = 0; i < in.length; i++) {
            in[i] = (byte) bytes[i];
        }
        return new MessagePack(in);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                127,
                128,
                255,
                256,
                65_535,
                65_536,
                4_294_967_295L,
                4_294_967_296L,
                Long.MAX_VALUE,
                -1,
                -32,
                -33,
                -128,
                -129,
                -32_768,
                -32_769,
                -2_147_483_648L,
                -2_147_483_649L,
                Long.MIN_VALUE
            })
    void integer_ofAnyWidth(long value) throws IOException {
        Packer packer = new Packer();
        packer.integer(value);

        assertThat(packer.reader().integer()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 255, 256, 65_535, 65_536})
    void string_ofAnyLength(int length) throws IOException {
        Packer packer = new Packer();
        packer.string("x".repeat(length));
        MessagePack reader = packer.reader();

        assertThat(reader.isString()).isTrue();
        assertThat(reader.bytes()).isEqualTo("x".repeat(length).getBytes(US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 65_535, 65_536})
    void array_ofAnyLength(int length) throws IOException {
        Packer packer = new Packer();
        packer.array(length);
        MessagePack reader = packer.reader();

        assertThat(reader.isString()).isFalse();
        assertThat(reader.arrayLength()).isEqualTo(length);
    }

    @Test
    void randomValues_areReadInOrder() throws IOException {
        Random random = new Random(7);
        for (int run = 0; run < 200; run++) {
            Packer packer = new Packer();
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                Object value = random.nextBoolean()
                        ? random.nextLong() >> random.nextInt(64)
                        : "y".repeat(random.nextInt(1 << random.nextInt(11)));
                values.add(value);
                if (value instanceof Long number) {
                    packer.integer(number);
                } else {
                    packer.string((String) value);
                }
            }
            MessagePack reader = packer.reader();

            List<Object> read = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                read.add(reader.isString() ? new String(reader.bytes(), US_ASCII) : (Object) reader.integer());
            }

            assertThat(read).isEqualTo(values);
        }
    }

    @ParameterizedTest
    @CsvSource({"0xc0", "0xc3", "0xcb", "0x80", "0xc7"})
    void unexpectedType_isNamedInError(String type) {
        int first = Integer.decode(type);
        String found = "MessagePack: type " + type + " (expected: ";

        assertThat(of(first).isString()).isFalse();
        assertUnexpected(() -> of(first).integer(), found + "an integer)");
        assertUnexpected(() -> of(first).arrayLength(), found + "an array)");
        assertUnexpected(() -> of(first).bytes(), found + "a string)");
    }

    @Test
    void mapsAndByteArrays_ofAnyLength() {
        assertThat(of(0x80).mapSize()).isZero();
        assertThat(of(0x8f).mapSize()).isEqualTo(15);
        assertThat(of(0xde, 1, 2).mapSize()).isEqualTo(0x102);
        assertThat(of(0xdf, 0, 1, 0, 0).mapSize()).isEqualTo(0x10000);
        assertUnexpected(() -> of(0x90).mapSize(), "MessagePack: type 0x90 (expected: a map)");
        assertThat(of(0xc4, 1, 7).isString()).isTrue();
        assertThat(of(0xc4, 1, 7).bytes()).containsExactly(7);
        assertThat(of(0xc5, 0, 2, 7, 8).bytes()).containsExactly(7, 8);
        assertThat(of(0xc6, 0, 0, 0, 0).bytes()).isEmpty();
    }

    private static void assertUnexpected(ThrowingCallable read, String message) {
        assertThatThrownBy(read).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void truncatedValue_isRejected() {
        assertUnexpected(() -> of(0xcd, 1).integer(), "MessagePack: 2 bytes (expected: at least 3)");
        assertUnexpected(() -> of(0xd9).bytes(), "MessagePack: 1 bytes (expected: at least 2)");
        assertUnexpected(() -> of(0xa3, 1).bytes(), "MessagePack: 2 bytes (expected: at least 4)");
        assertUnexpected(
                () -> of(0xc6, 0xff, 0xff, 0xff, 0xff).bytes(), "MessagePack: 5 bytes (expected: at least 4294967300)");
    }
}
