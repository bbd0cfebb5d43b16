// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics.deflate;

import java.util.Arrays;

/**
 * Where records end in a buffer, and where each has the labels of which node.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class Records {

    /** The record has labels of its own. */
    public static final int NO_NODE = -1;

    private int[] ends = new int[64];
    private int[] labelEnds = new int[64];
    private int[] middles = new int[64];
    private int[] labelLengths = new int[64];
    private int[] nodes = new int[64];
    private int count;

    /**
     * Adds a record. The labels of a node are the same in every record of the page.
     *
     * @param node its index among all nodes, or {@link #NO_NODE}
     * @param middleLength the length from the second label on
     * @param labelLength the length of all labels
     */
    public void add(int end, int node, int labelEnd, int middleLength, int labelLength) {
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
            labelEnds = Arrays.copyOf(labelEnds, 2 * count);
            middles = Arrays.copyOf(middles, 2 * count);
            labelLengths = Arrays.copyOf(labelLengths, 2 * count);
            nodes = Arrays.copyOf(nodes, 2 * count);
        }
        ends[count] = end;
        labelEnds[count] = labelEnd;
        middles[count] = labelEnd - middleLength;
        labelLengths[count] = labelLength;
        nodes[count] = node;
        count++;
    }

    /** Removes all records. */
    public void clear() {
        count = 0;
    }

    /** {@return the number of records} */
    public int count() {
        return count;
    }

    int start(int record) {
        return record == 0 ? 0 : ends[record - 1];
    }

    int end(int record) {
        return ends[record];
    }

    int labelStart(int record) {
        return labelEnds[record] - labelLengths[record];
    }

    /** Returns where the second label begins. */
    int middle(int record) {
        return middles[record];
    }

    int labelEnd(int record) {
        return labelEnds[record];
    }

    /** Returns the index of the node whose labels the record has, or {@link #NO_NODE}. */
    int node(int record) {
        return nodes[record];
    }

    /** {@return the number of bytes of all records} */
    public int bytes() {
        return count == 0 ? 0 : ends[count - 1];
    }
}
