// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.ViewStatus;

/** How much of the cluster the view follows, as members of a JSON object. */
final class ViewStatusJson {

    private ViewStatusJson() {}

    /** Adds {@code ready}, {@code stale_ms} and {@code partitions} and returns the object. */
    static ObjectNode write(ObjectNode body, ClusterView view) {
        ViewStatus status = view.status();
        body.put("ready", status.isReady())
                .put("stale_ms", status.staleFor().toMillis())
                .putObject("partitions")
                .put("total", status.partitions())
                .put("disconnected", status.disconnected())
                .put("disconnected_nodes", view.disconnectedNodeCount());
        return body;
    }
}
