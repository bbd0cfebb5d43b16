// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Nodes in the form of responses and events. */
final class Nodes {

    private Nodes() {}

    static ObjectNode fields(String name, long clients) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("uid", "uid-" + name)
                .put("name", name)
                .put("num_goroutine", 11)
                .put("num_clients", clients)
                .put("num_unique_clients", clients - 1)
                .put("num_channels", 7)
                .put("started_at", 1_000)
                .put("gomaxprocs", 2)
                .put("num_cpu", 4)
                .put("num_msg_published", 10 * clients)
                .put("num_msg_queued", 30 * clients)
                .put("num_msg_sent", 30 * clients)
                .put("num_api_requests", 2)
                .put("num_client_requests", clients)
                .put("bytes_client_in", 2_048)
                .put("bytes_client_out", 3 << 20)
                .put("time_api_mean", 250_000)
                .put("time_client_mean", 1_000 * clients)
                .put("time_api_max", 3_000_000)
                .put("time_client_max", 5_000_000)
                .put("memory_sys", 1 << 30)
                .put("cpu_usage", 50);
    }

    static Node live(String name, long clients) {
        return new Node(fields(name, clients), Node.State.LIVE, 0);
    }

    static JsonNode beat(String name, long clients) {
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put("uid", "uid-" + name)
                .put("name", name)
                .put("state", "live");
        data.set("node", fields(name, clients));
        return data;
    }

    static JsonNode status(boolean ready) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("metrics_interval", 10)
                .put("ready", ready)
                .put("stale_ms", ready ? 0 : 7_000);
    }

    /** The status of an aggregator that follows some partitions. */
    static JsonNode partialStatus(int disconnected, int total) {
        ObjectNode status = (ObjectNode) status(true);
        status.put("stale_ms", 7_000)
                .putObject("partitions")
                .put("total", total)
                .put("disconnected", disconnected);
        return status;
    }
}
