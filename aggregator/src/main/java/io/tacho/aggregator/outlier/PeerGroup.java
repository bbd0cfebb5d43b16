// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The nodes that are compared with each other, and which of them have completed a window since the previous evaluation.
 *
 * <p>Thread safety: confined to one thread.
 */
final class PeerGroup {

    private final List<NodeSample> samples = new ArrayList<>();
    private final BitSet withNewWindow = new BitSet();

    void add(NodeSample sample, boolean hasNewWindow) {
        withNewWindow.set(samples.size(), hasNewWindow);
        samples.add(sample);
    }

    int size() {
        return samples.size();
    }

    NodeSample get(int index) {
        return samples.get(index);
    }

    /** {@return whether the node with that index completed a window since the previous evaluation} */
    boolean hasNewWindow(int index) {
        return withNewWindow.get(index);
    }
}
