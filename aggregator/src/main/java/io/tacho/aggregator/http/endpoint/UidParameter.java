// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.api.QueryParameters;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;

/** The uid of a node, as a part of the path or as the only parameter of the query. */
final class UidParameter {

    private UidParameter() {}

    /**
     * Returns the uid in the path or the query of a request.
     *
     * @throws RequestRejectedException if there is none, or an invalid one
     */
    static String of(Request request) {
        String uid =
                request.variables().containsKey("uid") ? request.variable("uid") : request.query(UidParameter::queried);
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
}
