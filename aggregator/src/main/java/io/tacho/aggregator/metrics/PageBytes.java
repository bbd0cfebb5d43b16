// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * The bytes of a page, which are not copied at its end.
 *
 * <p>Thread safety: confined to one thread.
 */
final class PageBytes extends ByteArrayOutputStream {

    /** At most one part in this many of the array may be unused. */
    private static final int MAX_UNUSED = 8;

    PageBytes(int expected) {
        super(expected);
    }

    /** Returns what was written; copied if it takes much less than the array. Nothing may be written afterwards. */
    ByteBuffer toBuffer() {
        boolean fits = buf.length - count <= buf.length / MAX_UNUSED;
        return fits ? ByteBuffer.wrap(buf, 0, count) : ByteBuffer.wrap(toByteArray());
    }
}
