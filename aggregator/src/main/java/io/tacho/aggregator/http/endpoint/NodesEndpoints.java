// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.api.NodeSeriesResponse;
import io.tacho.aggregator.api.NodesResponse;
import io.tacho.aggregator.api.QueryParameters;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Response;

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
        return json(request.query(nodes::list));
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

    /** {@return the uid in the path or the query of a request} */
    static String uid(Request request) {
        String uid = request.variables().containsKey("uid")
                ? request.variable("uid")
                : request.query(NodesEndpoints::queried);
        if (uid.chars().anyMatch(Character::isISOControl)) {
            throw new RequestRejectedException(
                    HttpResponseStatus.BAD_REQUEST, "uid: control characters (expected: printable ones)");
        }
        return uid;
    }

    private static String queried(QueryParameters query) {
        String uid = query.single("uid");
        if (uid == null || query.values().size() > 1) {
            throw new IllegalArgumentException("query: " + query.values().keySet() + " (expected: [uid])");
        }
        return uid;
    }

    private static RequestRejectedException noSuchNode() {
        return new RequestRejectedException(
                HttpResponseStatus.NOT_FOUND, "no such node (expected: the uid of one that /nodes lists)");
    }

    private static FullResponse json(byte[] body) {
        return FullResponse.json(HttpResponseStatus.OK, body).with("Cache-Control", "no-cache");
    }
}
