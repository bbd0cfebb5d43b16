// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.LiveNode;
import io.tacho.aggregator.view.NodeList;
import java.util.function.Consumer;

/**
 * The answer to {@code stats}: <code>{"data":{"nodes":[…],"metrics_interval":60}}</code>, every node as it was encoded when
 * its snapshot came.
 *
 * <p>Thread safety: safe.
 */
public final class StatsResponse {

    private static final byte[] HEAD = "{\"data\":{\"nodes\":[".getBytes(UTF_8);
    private static final byte[] COMMA = {','};

    private final ClusterView view;

    public StatsResponse(ClusterView view) {
        this.view = view;
    }

    /** The nodes that an answer would list now. */
    public NodeList list() {
        return view.list();
    }

    /** How long the answer for these nodes is, in bytes. */
    public int length(NodeList list) {
        int length = HEAD.length + tail(list).length + Math.max(0, list.nodes().size() - 1);
        for (LiveNode node : list.nodes()) {
            length += node.entry().length;
        }
        return length;
    }

    /** Writes the answer for these nodes, piece by piece. */
    public void write(NodeList list, Consumer<byte[]> sink) {
        sink.accept(HEAD);
        boolean first = true;
        for (LiveNode node : list.nodes()) {
            if (!first) {
                sink.accept(COMMA);
            }
            first = false;
            sink.accept(node.entry());
        }
        sink.accept(tail(list));
    }

    private static byte[] tail(NodeList list) {
        return ("],\"metrics_interval\":" + list.metricsIntervalSeconds() + "}}").getBytes(UTF_8);
    }
}
