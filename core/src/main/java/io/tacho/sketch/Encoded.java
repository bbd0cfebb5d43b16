// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A histogram or sketch in its serialized form, decoded on demand. Nodes and aggregators keep most of these values and read
 * few of them, and the serialized form is several times smaller, so only this form is kept. A value from the wire may turn out
 * to be unreadable.
 *
 * <p>Thread safety: immutable; no caller changes the bytes.
 *
 * @param <T> the type of the decoded value
 */
public final class Encoded<T> {

    private final byte[] bytes;
    private final Function<byte[], T> decoder;

    private Encoded(byte[] bytes, Function<byte[], T> decoder) {
        this.bytes = bytes;
        this.decoder = decoder;
    }

    /** {@return a histogram in its serialized form, not yet validated} */
    public static Encoded<DurationHistogram> histogram(byte[] bytes) {
        return new Encoded<>(bytes, HistogramBytes::read);
    }

    /** {@return a HyperLogLog in its serialized form, not yet validated} */
    public static Encoded<HyperLogLog> hyperLogLog(byte[] bytes) {
        return new Encoded<>(bytes, HyperLogLog::read);
    }

    /**
     * Decodes the value; every call decodes again, with bounded work.
     *
     * @throws IllegalArgumentException stating the found and the expected value, if the bytes are not of the serialized form
     */
    public T decode() {
        return decoder.apply(bytes);
    }

    /** Decodes the value; empty if it is unreadable. */
    public Optional<T> decodeIfReadable() {
        try {
            return Optional.of(decode());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** {@return the serialized form; not a copy} */
    public byte[] bytes() {
        return bytes;
    }

    /** {@return the size of the serialized form of a value; 0 for none} */
    public static int size(@Nullable Encoded<?> value) {
        return value == null ? 0 : value.bytes.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Encoded<?> that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Encoded[" + bytes.length + " bytes]";
    }
}
