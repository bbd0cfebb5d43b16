// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * Who a node is and what it holds right now: the first nine of the 22 fields of Centrifugo 1.0–1.3's {@code stats}, in
 * its order and under its names.
 *
 * @param uid unique id of the node, a new UUID per process start; 1 to 128 printable ASCII characters
 * @param name node name, {@code hostname_port} by default; 1 to 255 characters
 * @param numGoroutine live goroutines, on the JVM live threads
 * @param numClients authorized clients connected
 * @param numUniqueClients distinct user ids connected
 * @param numChannels channels with at least one subscriber
 * @param startedAt start of the node's process, UNIX seconds
 * @param gomaxprocs CPUs the process may use
 * @param numCpu CPUs on the machine, not the container's share
 */
@JsonPropertyOrder({
    "uid",
    "name",
    "num_goroutine",
    "num_clients",
    "num_unique_clients",
    "num_channels",
    "started_at",
    "gomaxprocs",
    "num_cpu"
})
public record NodeInfo(
        @JsonProperty("uid") String uid,
        @JsonProperty("name") String name,
        @JsonProperty("num_goroutine") long numGoroutine,
        @JsonProperty("num_clients") long numClients,
        @JsonProperty("num_unique_clients") long numUniqueClients,
        @JsonProperty("num_channels") long numChannels,
        @JsonProperty("started_at") long startedAt,
        @JsonProperty("gomaxprocs") long gomaxprocs,
        @JsonProperty("num_cpu") long numCpu) {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public NodeInfo {
        Checks.uid(uid);
        Checks.text("name", name);
        Checks.count("num_goroutine", numGoroutine);
        Checks.count("num_clients", numClients);
        Checks.count("num_unique_clients", numUniqueClients);
        Checks.count("num_channels", numChannels);
        Checks.count("started_at", startedAt);
        Checks.count("gomaxprocs", gomaxprocs);
        Checks.count("num_cpu", numCpu);
    }
}
