// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import io.tacho.aggregator.view.ClusterView;

/** The readiness of the aggregator: {@code {"ready":true,"nodes":3,"stale_ms":0}}. */
public final class ReadyResponse {

    private final ClusterView view;

    public ReadyResponse(ClusterView view) {
        this.view = view;
    }

    /** Connected to Redis, with all loaded that was there. */
    public boolean isReady() {
        return view.status().isReady();
    }

    /** Returns for how long the view may have missed changes, milliseconds; 0 while it is ready. */
    public long staleMillis() {
        return view.status().staleFor().toMillis();
    }

    /** Returns the body, UTF-8 JSON; {@code stale_ms} is how long the view may have missed something. */
    public byte[] body() {
        return ApiJson.write(ApiJson.object()
                .put("ready", isReady())
                .put("nodes", view.size())
                .put("stale_ms", staleMillis()));
    }
}
