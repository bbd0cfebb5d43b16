// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.tacho.aggregator.metrics.deflate.Records;
import io.tacho.aggregator.view.KnownNode;
import java.io.IOException;

/** Writes families with one sample per node in one format. */
interface NodeWriter {

    /** Appends the labels {@code node} and {@code uid} of a node, as {@link #sample} expects them; returns where the second begins. */
    int labels(KnownNode node, PageBuffer to);

    /** Appends all that a node reports of itself, in the same form. */
    void infoLabels(KnownNode node, PageBuffer to);

    /** Starts a family. */
    void begin(NodeFamily family);

    /**
     * Adds the sample of a node to the family.
     *
     * @param node its index among all nodes; {@link Records#NO_NODE} if the labels are those of this family alone
     * @param labels contains the labels of the node, from the given index up to the last one
     * @param middle where the second label begins
     */
    void sample(int node, byte[] labels, int from, int middle, int to, long value, long count);

    /** Writes the family. */
    void end(PageOutput out) throws IOException;
}
