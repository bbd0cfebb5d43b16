// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.datasketches.cpc.CpcSketch;

/**
 * Reads serialized CPC sketches from untrusted writers. The library trusts the sizes in their headers. This class compares them
 * with the bounds of such a sketch, and validates the result.
 */
final class SketchBytes {

    private static final int MAX_BYTES = CpcSketch.getMaxSerializedBytes(DistinctSketch.LG_K);

    private static final int ROWS = 1 << DistinctSketch.LG_K;
    private static final int MAX_COUPONS = 56 * ROWS;
    private static final int HEAD_BYTES = 8;
    private static final int LG_K_AT = 3;
    private static final int FLAGS_AT = 5;
    private static final int COUPONS_AT = 8;
    private static final int PAIRS_AT = 12;

    /** The formats, by the three format bits of the flags: header length and offsets of the sizes; 0 if absent. */
    private enum Format {
        EMPTY(8, 0, 0),
        EMPTY_HIP(8, 0, 0),
        PAIRS(16, 12, 0),
        PAIRS_HIP(32, 12, 0),
        WINDOW(16, 0, 12),
        WINDOW_HIP(32, 0, 12),
        BOTH(24, 16, 20),
        BOTH_HIP(40, 32, 36);

        final int headBytes;
        final int pairWordsAt;
        final int windowWordsAt;

        Format(int headBytes, int pairWordsAt, int windowWordsAt) {
            this.headBytes = headBytes;
            this.pairWordsAt = pairWordsAt;
            this.windowWordsAt = windowWordsAt;
        }

        static Format of(byte flags) {
            return values()[(flags >> 2) & 7];
        }
    }

    private SketchBytes() {}

    static DistinctSketch read(byte[] bytes) {
        check(bytes);
        CpcSketch sketch;
        boolean sound;
        try {
            sketch = CpcSketch.heapify(bytes);
            sound = sketch.validate();
        } catch (RuntimeException | AssertionError e) {
            throw new IllegalArgumentException("sketch: " + e + " (expected: a serialized CPC sketch)", e);
        }
        if (!sound) {
            throw new IllegalArgumentException("sketch: the sum of its rows differs from its header");
        }
        return new DistinctSketch(sketch);
    }

    private static void check(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "sketch: " + bytes.length + " bytes (expected: at most " + MAX_BYTES + ")");
        }
        if (bytes.length < HEAD_BYTES) {
            throw new IllegalArgumentException(
                    "sketch: " + bytes.length + " bytes (expected: at least " + HEAD_BYTES + ")");
        }
        ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (head.get(LG_K_AT) != DistinctSketch.LG_K) {
            throw new IllegalArgumentException(
                    "sketch: lgK " + head.get(LG_K_AT) + " (expected: " + DistinctSketch.LG_K + ")");
        }
        Format format = Format.of(head.get(FLAGS_AT));
        if (bytes.length < format.headBytes) {
            throw new IllegalArgumentException(
                    "sketch: " + bytes.length + " bytes (expected: at least " + format.headBytes + ")");
        }
        size(
                "coupons",
                number(head, format == Format.EMPTY || format == Format.EMPTY_HIP ? 0 : COUPONS_AT),
                MAX_COUPONS);
        if (format.pairWordsAt != 0) {
            size("pairs", number(head, format.windowWordsAt == 0 ? COUPONS_AT : PAIRS_AT), ROWS);
        }
        long words = (long) number(head, format.pairWordsAt) + number(head, format.windowWordsAt);
        if (bytes.length != format.headBytes + Integer.BYTES * words) {
            throw new IllegalArgumentException("sketch: " + bytes.length + " bytes (expected: "
                    + (format.headBytes + Integer.BYTES * words) + ", according to its header)");
        }
    }

    private static int number(ByteBuffer head, int at) {
        return at == 0 ? 0 : head.getInt(at);
    }

    private static void size(String what, int size, int max) {
        if (size < 0 || size > max) {
            throw new IllegalArgumentException("sketch: " + size + " " + what + " (expected: 0 to " + max + ")");
        }
    }
}
