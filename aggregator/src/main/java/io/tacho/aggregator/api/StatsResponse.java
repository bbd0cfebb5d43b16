// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The response to {@code stats}: <code>{"data":{"nodes":[…],"metrics_interval":60}}</code>, every node as it was encoded when
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

    /** Returns a number that changes whenever {@link #list()} does; reading it takes no lock. */
    public long version() {
        return view.version();
    }

    /** Returns the nodes that a response would list now. */
    public NodeList list() {
        return view.nodeList();
    }

    /**
     * Returns the response for these nodes in pieces, which must not be changed.
     *
     * @param query which part of the response; null for all
     */
    public Pieces pieces(NodeList list, @Nullable StatsQuery query) {
        List<byte[]> entries;
        if (query == null) {
            entries = new ArrayList<>(list.nodes().size());
            for (KnownNode node : list.nodes()) {
                entries.add(node.json());
            }
        } else {
            entries = query.entries(list.nodes());
        }
        byte[] tail = ("],\"metrics_interval\":" + list.metricsIntervalSeconds() + "}}").getBytes(UTF_8);
        return new Pieces(entries, tail);
    }

    /** A response in pieces. */
    public static final class Pieces {

        private final List<byte[]> entries;
        private final byte[] tail;

        private Pieces(List<byte[]> entries, byte[] tail) {
            this.entries = entries;
            this.tail = tail;
        }

        /** Returns its length in bytes. */
        public int length() {
            int length = HEAD.length + tail.length + Math.max(0, entries.size() - 1);
            for (byte[] entry : entries) {
                length += entry.length;
            }
            return length;
        }

        /** Writes it, UTF-8 JSON. */
        public void write(Consumer<byte[]> sink) {
            sink.accept(HEAD);
            boolean first = true;
            for (byte[] entry : entries) {
                if (!first) {
                    sink.accept(COMMA);
                }
                first = false;
                sink.accept(entry);
            }
            sink.accept(tail);
        }
    }
}
