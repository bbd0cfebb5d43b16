// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.LiveNode;
import io.tacho.aggregator.view.NodeList;
import java.io.ByteArrayOutputStream;

/**
 * The answer to {@code stats}: <code>{"data":{"nodes":[…],"metrics_interval":60}}</code>, every node as it was encoded when
 * its snapshot came. Put together anew only when the view has changed, and then once for everybody.
 *
 * <p>Thread safety: safe.
 */
public final class StatsResponse {

    private static final byte[] HEAD = "{\"data\":{\"nodes\":[".getBytes(UTF_8);

    private record Answer(long version, byte[] body) {}

    private final ClusterView view;
    private volatile Answer answer = new Answer(-1, new byte[0]);

    public StatsResponse(ClusterView view) {
        this.view = view;
    }

    /** The body, UTF-8 JSON; shared, not to be changed. */
    public byte[] body() {
        NodeList list = view.list();
        Answer current = answer;
        if (current.version() != list.version()) {
            current = new Answer(list.version(), assemble(list));
            answer = current;
        }
        return current.body();
    }

    private static byte[] assemble(NodeList list) {
        byte[] tail = ("],\"metrics_interval\":" + list.metricsIntervalSeconds() + "}}").getBytes(UTF_8);
        int length = HEAD.length + tail.length;
        for (LiveNode node : list.nodes()) {
            length += node.entry().length + 1;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream(length);
        body.writeBytes(HEAD);
        boolean first = true;
        for (LiveNode node : list.nodes()) {
            if (!first) {
                body.write(',');
            }
            first = false;
            body.writeBytes(node.entry());
        }
        body.writeBytes(tail);
        return body.toByteArray();
    }
}
