// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import java.util.Arrays;

/**
 * Where records end in a buffer.
 *
 * <p>Thread safety: confined to one thread.
 */
final class RecordEnds {

    private int[] array = new int[64];
    private int count;

    void add(int end) {
        if (count == array.length) {
            array = Arrays.copyOf(array, 2 * count);
        }
        array[count++] = end;
    }

    void clear() {
        count = 0;
    }

    int[] array() {
        return array;
    }

    int count() {
        return count;
    }
}
