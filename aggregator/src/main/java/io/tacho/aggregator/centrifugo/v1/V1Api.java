// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v1;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.aggregator.api.ApiJson;
import io.tacho.aggregator.api.ApiKeys;
import io.tacho.aggregator.api.NodeTotalsJson;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The server API of Centrifugo 1.x, byte for byte: a signed command or an array of commands, whose response is an array. An
 * aggregator implements {@code stats}, and {@code node} for the node in its params. For all other methods the response is
 * {@code "error":"not available"}.
 *
 * <p>Thread safety: safe.
 */
public final class V1Api {

    /** The status of a response: a JSON body with 200, or an error without one. */
    public enum Status {
        OK,
        BAD_REQUEST,
        UNAUTHORIZED
    }

    /**
     * The response.
     *
     * @param pieces UTF-8 JSON without the bodies of the statistics, which belong between the pieces; empty unless OK
     */
    public record Response(Status status, List<byte[]> pieces) {

        /** Returns how many times the body of {@code stats} occurs. */
        public int shared() {
            return pieces.size() - 1;
        }
    }

    private static final Response BAD_REQUEST = new Response(Status.BAD_REQUEST, List.of());
    private static final Response UNAUTHORIZED = new Response(Status.UNAUTHORIZED, List.of());

    private final ClusterView view;
    private final NodeTotalsJson totals = new NodeTotalsJson();

    /** Creates the API of a view. */
    public V1Api(ClusterView view) {
        this.view = view;
    }

    /**
     * Returns the response to a request.
     *
     * @param data the command or commands, UTF-8 JSON
     * @param sign lower-case hex of the data's HMAC-SHA256 with the admin key; empty if there is none
     * @param keys the current keys: without any key, no signature is required; without an admin key no signature is valid, so
     *     every request is rejected, as in Centrifugo
     */
    public Response respond(byte[] data, String sign, ApiKeys keys) {
        if (data.length == 0 || (!keys.isOpen() && (keys.admin() == null || sign.isEmpty()))) {
            return BAD_REQUEST;
        }
        if (keys.admin() != null && !keys.admin().hasSigned(data, sign)) {
            return UNAUTHORIZED;
        }
        try {
            return new Response(Status.OK, responses(V1Command.parse(data)));
        } catch (V1Command.MalformedException e) {
            return BAD_REQUEST;
        }
    }

    private List<byte[]> responses(List<V1Command> commands) {
        if (commands.isEmpty()) {
            // Go's nil slice
            return List.of("null".getBytes(UTF_8));
        }
        List<byte[]> pieces = new ArrayList<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        char separator = '[';
        for (V1Command command : commands) {
            out.write(separator);
            separator = ',';
            text(out, "{");
            if (!command.uid().isEmpty()) {
                text(out, "\"uid\":");
                out.writeBytes(ApiJson.write(command.uid()));
                text(out, ",");
            }
            text(out, "\"body\":");
            switch (command.method()) {
                case "stats" -> {
                    pieces.add(out.toByteArray());
                    out.reset();
                    text(out, ",\"error\":null");
                }
                case "node" -> node(out, command);
                default -> text(out, "null,\"error\":\"not available\"");
            }
            text(out, ",\"method\":\"" + command.method() + "\"}");
        }
        text(out, "]");
        pieces.add(out.toByteArray());
        return pieces;
    }

    private void node(ByteArrayOutputStream out, V1Command command) {
        List<KnownNode> found = named(command);
        byte[] data = found.size() == 1 ? totals.of(found.get(0).envelope()) : null;
        if (data != null) {
            text(out, "{\"data\":");
            out.writeBytes(data);
            text(out, "},\"error\":null");
        } else {
            text(out, "null,\"error\":\"" + nodeError(command, found) + "\"");
        }
    }

    private List<KnownNode> named(V1Command command) {
        String uid = command.params().getOrDefault("uid", "");
        String name = command.params().getOrDefault("name", "");
        if (uid.isEmpty() && name.isEmpty()) {
            return List.of();
        }
        return view.nodeList().nodes().stream()
                .filter(node -> uid.isEmpty() || node.uid().equals(uid))
                .filter(node -> name.isEmpty() || node.name().equals(name))
                .toList();
    }

    private static String nodeError(V1Command command, List<KnownNode> found) {
        if (command.params().getOrDefault("uid", "").isEmpty()
                && command.params().getOrDefault("name", "").isEmpty()) {
            return "params: neither uid nor name (expected: one of them)";
        }
        if (found.isEmpty()) {
            return "no such node";
        }
        return found.size() == 1 ? "not available" : "name of " + found.size() + " nodes (expected: of one, or a uid)";
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(UTF_8));
    }
}
