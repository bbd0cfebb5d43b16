// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.tacho.aggregator.view.KnownNode;
import java.io.IOException;

/** Writes families with one sample per node in one format. */
interface NodeWriter {

    /** Appends the labels {@code node} and {@code uid} of a node, as {@link #sample} expects them. */
    void labels(KnownNode node, PageBuffer to);

    /** Appends all that a node reports of itself, in the same form. */
    void infoLabels(KnownNode node, PageBuffer to);

    /** Starts a family. */
    void begin(NodeFamily family);

    /**
     * Adds the sample of a node to the family.
     *
     * @param labels contains the labels of the node, from the given index up to the other
     */
    void sample(byte[] labels, int from, int to, long value, long count);

    /** Writes the family. */
    void end(PageOutput out) throws IOException;
}
