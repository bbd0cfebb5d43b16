// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.tacho.aggregator.api.NodeSeriesResponse;
import io.tacho.aggregator.api.NodesResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Query;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.message.Status;

/**
 * {@code /nodes}, {@code /nodes/<uid>} and {@code /nodes/<uid>/series}; the latter two also as {@code /node?uid=} and {@code
 * /node/series?uid=}, because a proxy may decode a slash in a path, and clients remove the segments {@code .} and {@code ..}.
 */
final class NodesEndpoints {

    private final NodesResponse nodes;
    private final NodeSeriesResponse series;

    NodesEndpoints(NodesResponse nodes, NodeSeriesResponse series) {
        this.nodes = nodes;
        this.series = series;
    }

    Response list(Request request) {
        try {
            return json(nodes.list(request.query().values()));
        } catch (IllegalArgumentException e) {
            throw new RequestRejectedException(Status.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    Response one(Request request) {
        byte[] body = nodes.one(uid(request));
        if (body == null) {
            throw noSuchNode();
        }
        return json(body);
    }

    Response series(Request request) {
        byte[] body = series.one(uid(request));
        if (body == null) {
            throw noSuchNode();
        }
        return ConditionalJson.of(request, body);
    }

    private static String uid(Request request) {
        String uid = request.variables().containsKey("uid") ? request.variable("uid") : queried(request);
        if (uid.chars().anyMatch(Character::isISOControl)) {
            throw new RequestRejectedException(
                    Status.BAD_REQUEST, "uid: control characters (expected: printable ones)");
        }
        return uid;
    }

    private static String queried(Request request) {
        Query query = request.query();
        String uid = query.single("uid");
        if (uid == null || query.names().size() > 1) {
            throw new RequestRejectedException(Status.BAD_REQUEST, "query: " + query.names() + " (expected: [uid])");
        }
        return uid;
    }

    private static RequestRejectedException noSuchNode() {
        return new RequestRejectedException(
                Status.NOT_FOUND, "no such node (expected: the uid of one that /nodes lists)");
    }

    private static FullResponse json(byte[] body) {
        return FullResponse.json(Status.OK, body).with("Cache-Control", "no-cache");
    }
}
