// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.placement;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.aggregator.api.ApiJson;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.store.NodeCommand.Action;

/**
 * The result of a command to a node.
 *
 * @param status the HTTP status of the response
 * @param body UTF-8 JSON: the state of the node, or the error
 */
public record DrainResult(int status, byte[] body) {

    static final int NO_SUCH_NODE = 404;
    static final int CONFLICT = 409;
    static final int UNAVAILABLE = 503;
    static final int NOT_ACKNOWLEDGED = 504;

    /** Returns the result of a command that the node has acknowledged. */
    static DrainResult acknowledged(KnownNode node, Action action, boolean changed) {
        return new DrainResult(
                200,
                ApiJson.write(ApiJson.object()
                        .put("uid", node.uid())
                        .put("name", node.name())
                        .put("command", action.label())
                        .put("state", node.isDraining() ? "draining" : "live")
                        .put("changed", changed)));
    }

    static DrainResult error(int status, String message) {
        return new DrainResult(status, ApiJson.error(status, message));
    }

    /** Returns the JSON text. */
    @Override
    public String toString() {
        return status + " " + new String(body, UTF_8);
    }
}
