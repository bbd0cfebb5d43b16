// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.aggregator.api.ReadyResponse;

/** All paths, in one place: who answers them, and who may ask. */
final class Routes {

    private static final byte[] HEALTHY = "{\"healthy\":true}".getBytes(UTF_8);

    private Routes() {}

    static Router of(HttpApi api, StatsBodies bodies, Keys keys) {
        V1Endpoint v1 = new V1Endpoint(api.v1(), bodies.whole(), keys.failed());
        NodesEndpoint nodes = new NodesEndpoint(api.nodes());
        return new Router(keys)
                .read("/-/healthy", Role.OPEN, request -> WholeAnswer.json(Status.OK, HEALTHY))
                .read("/-/ready", Role.OPEN, request -> ready(api.ready()))
                .read("/stats", Role.READ, new StatsEndpoint(bodies, api.ready()))
                .read(
                        "/cluster",
                        Role.READ,
                        request -> WholeAnswer.json(Status.OK, api.cluster().body()))
                .read("/nodes", Role.READ, nodes::list)
                .read("/nodes/{uid}", Role.READ, nodes::one)
                // signed, in a way of its own
                .all("/api/", Role.OPEN, v1)
                .all("/api/{rest...}", Role.OPEN, v1)
                .otherwise(v1::answerOrNull);
    }

    private static WholeAnswer ready(ReadyResponse ready) {
        return WholeAnswer.json(ready.isReady() ? Status.OK : Status.SERVICE_UNAVAILABLE, ready.body());
    }
}
