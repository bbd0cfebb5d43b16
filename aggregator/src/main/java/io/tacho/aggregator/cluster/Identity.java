// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import java.util.Map;

/**
 * The names that distinguish clusters and aggregators, and the state of Redis.
 *
 * @param clusterName chosen by the operator; the namespace by default
 * @param namespace the first part of all keys in Redis
 * @param aggregator host and port of the aggregator
 * @param version the version of the aggregator
 * @param redisAddress host and port of Redis, of several servers separated by commas, without secrets
 * @param redisProblems messages of the failures of Redis that persist, by cause in lower case; empty while it works
 */
public record Identity(
        String clusterName,
        String namespace,
        String aggregator,
        String version,
        String redisAddress,
        Map<String, String> redisProblems) {

    public Identity {
        redisProblems = Map.copyOf(redisProblems);
    }
}
