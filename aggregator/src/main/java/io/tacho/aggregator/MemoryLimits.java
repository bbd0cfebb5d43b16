// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator;

import io.tacho.aggregator.history.NodeSeries;
import io.tacho.aggregator.history.WindowCache;

/**
 * The limits of what an aggregator keeps in memory. By default each of them is a share of the largest heap of the JVM, so that
 * everything together fits into it with room for requests.
 *
 * @param maxNodes more nodes are rejected
 * @param detailBytes the histograms and sketches of all nodes; beyond it the least needed are dropped
 * @param historyBytes the windows of the cluster; beyond it the oldest are dropped
 * @param seriesWindows the last windows of all nodes together
 */
public record MemoryLimits(int maxNodes, long detailBytes, long historyBytes, int seriesWindows) {

    /** Nodes beyond this number are rejected by default, however large the heap is. */
    public static final int MAX_NODES = 100_000;

    /** The heap for a node without its detail, with the responses that list it. */
    private static final int HEAP_BYTES_PER_NODE = 6 * 1024;

    private static final int DETAIL_SHARE = 4;
    private static final int HISTORY_SHARE = 10;
    private static final int SERIES_SHARE = 12;

    /** @throws IllegalArgumentException naming the setting, what was found and what was expected */
    public MemoryLimits {
        if (maxNodes < 1) {
            throw new IllegalArgumentException("max-nodes: " + maxNodes + " (expected: at least 1)");
        }
        if (detailBytes < 0) {
            throw new IllegalArgumentException("max-detail-memory: " + detailBytes + " (expected: at least 0)");
        }
    }

    /** {@return the default limits in this JVM} */
    public static MemoryLimits ofThisJvm() {
        return ofHeap(Runtime.getRuntime().maxMemory());
    }

    /** {@return the default limits in a JVM with a largest heap of that size} */
    static MemoryLimits ofHeap(long bytes) {
        return new MemoryLimits(
                (int) Math.max(1, Math.min(MAX_NODES, bytes / HEAP_BYTES_PER_NODE)),
                bytes / DETAIL_SHARE,
                Math.min(WindowCache.MAX_BYTES, bytes / HISTORY_SHARE),
                (int) Math.min(NodeSeries.TOTAL, bytes / SERIES_SHARE / NodeSeries.BYTES_OF_A_WINDOW));
    }

    /** {@return these limits with another one of nodes} */
    public MemoryLimits withMaxNodes(int nodes) {
        return new MemoryLimits(nodes, detailBytes, historyBytes, seriesWindows);
    }

    /** {@return these limits with another one of histograms and sketches} */
    public MemoryLimits withDetailBytes(long bytes) {
        return new MemoryLimits(maxNodes, bytes, historyBytes, seriesWindows);
    }
}
