// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.tacho.aggregator.api.NodesResponse;

/** {@code /nodes} and {@code /nodes/<uid>}. */
final class NodesEndpoint {

    private final NodesResponse nodes;

    NodesEndpoint(NodesResponse nodes) {
        this.nodes = nodes;
    }

    Answer list(Request request) {
        try {
            return json(nodes.list(request.query().values()));
        } catch (IllegalArgumentException e) {
            throw new RefusedException(Status.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    Answer one(Request request) {
        byte[] body = nodes.one(uid(request));
        if (body == null) {
            throw noSuchNode();
        }
        return json(body);
    }

    /** @throws RefusedException if it is none that can be */
    static String uid(Request request) {
        String uid = request.variable("uid");
        if (uid.chars().anyMatch(Character::isISOControl)) {
            throw new RefusedException(Status.BAD_REQUEST, "uid: control characters (expected: printable ones)");
        }
        return uid;
    }

    static RefusedException noSuchNode() {
        return new RefusedException(Status.NOT_FOUND, "no such node (expected: the uid of one that /nodes lists)");
    }

    private static WholeAnswer json(byte[] body) {
        return WholeAnswer.json(Status.OK, body).with("Cache-Control", "no-cache");
    }
}
