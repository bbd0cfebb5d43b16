// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.tacho.aggregator.metrics.deflate.Records;
import io.tacho.aggregator.view.KnownNode;
import java.io.IOException;
import java.util.List;

/**
 * The numbers of all nodes, by family. A page lists a family with all nodes before the next one, but reading one number of each
 * node at a time, for each family again, would load every node into the processor's cache once per family. So the numbers are
 * first copied to one array per family, and the labels to one array of bytes.
 *
 * <p>Thread safety: confined to one thread.
 */
final class NodeSamples {

    private final List<KnownNode> nodes;
    private final List<NodeFamily> families;
    private final long[][] values;
    private final long[][] counts;

    /**
     * Copies the numbers of the nodes.
     *
     * @param nodes ordered by name, then uid
     */
    NodeSamples(List<KnownNode> nodes, List<NodeFamily> families, long nowNanos) {
        this.nodes = nodes;
        this.families = families;
        values = new long[families.size()][nodes.size()];
        counts = new long[families.size()][];
        for (int f = 0; f < counts.length; f++) {
            counts[f] = families.get(f).count() == null ? new long[0] : new long[nodes.size()];
        }
        for (int n = 0; n < nodes.size(); n++) {
            KnownNode node = nodes.get(n);
            for (int f = 0; f < values.length; f++) {
                NodeFamily family = families.get(f);
                values[f][n] = family.value().of(node, nowNanos);
                if (family.count() != null) {
                    counts[f][n] = family.count().of(node, nowNanos);
                }
            }
        }
    }

    /** Writes all families that have a sample. */
    void write(NodeWriter writer, PageOutput out) throws IOException {
        PageBuffer labels = new PageBuffer();
        int[] middles = new int[nodes.size()];
        int[] ends = new int[nodes.size()];
        for (int n = 0; n < ends.length; n++) {
            middles[n] = writer.labels(nodes.get(n), labels);
            ends[n] = labels.size();
        }
        for (int f = 0; f < values.length; f++) {
            writer.begin(families.get(f));
            if (families.get(f).type() == NodeFamily.Type.INFO) {
                writeInfo(writer);
            } else {
                writeSamples(writer, labels.bytes(), middles, ends, values[f], counts[f]);
            }
            writer.end(out);
        }
    }

    private static void writeSamples(
            NodeWriter writer, byte[] labels, int[] middles, int[] ends, long[] values, long[] counts) {
        int from = 0;
        for (int n = 0; n < ends.length; n++) {
            if (values[n] != NodeFamily.ABSENT) {
                writer.sample(
                        n,
                        labels,
                        from,
                        middles[n],
                        ends[n],
                        values[n],
                        counts.length == 0 ? NodeFamily.ABSENT : counts[n]);
            }
            from = ends[n];
        }
    }

    private void writeInfo(NodeWriter writer) {
        PageBuffer labels = new PageBuffer();
        for (KnownNode node : nodes) {
            labels.clear();
            writer.infoLabels(node, labels);
            writer.sample(Records.NO_NODE, labels.bytes(), 0, 0, labels.size(), 1, NodeFamily.ABSENT);
        }
    }
}
