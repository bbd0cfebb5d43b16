// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.api.NodeSeriesResponse;
import io.tacho.aggregator.api.NodesResponse;
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
        byte[] body = nodes.one(UidParameter.of(request));
        if (body == null) {
            throw noSuchNode();
        }
        return json(body);
    }

    Response series(Request request) {
        byte[] body = series.one(UidParameter.of(request));
        if (body == null) {
            throw noSuchNode();
        }
        return ConditionalJson.of(request, body);
    }

    private static RequestRejectedException noSuchNode() {
        return new RequestRejectedException(
                HttpResponseStatus.NOT_FOUND, "no such node (expected: the uid of one that /nodes lists)");
    }

    private static FullResponse json(byte[] body) {
        return FullResponse.json(HttpResponseStatus.OK, body).with("Cache-Control", "no-cache");
    }
}
