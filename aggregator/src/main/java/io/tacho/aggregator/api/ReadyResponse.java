// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.ViewStatus;

/** The readiness of the aggregator, and how much of the cluster it follows. */
public final class ReadyResponse {

    private final ClusterView view;

    public ReadyResponse(ClusterView view) {
        this.view = view;
    }

    /** {@return how much of the cluster the view follows} */
    public ViewStatus status() {
        return view.status();
    }

    /** {@return the body, UTF-8 JSON} */
    public byte[] body() {
        return ApiJson.write(ViewStatusJson.write(ApiJson.object(), view).put("nodes", view.size()));
    }
}
