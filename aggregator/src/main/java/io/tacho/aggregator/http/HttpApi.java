// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.tacho.aggregator.api.ClusterResponse;
import io.tacho.aggregator.api.NodesResponse;
import io.tacho.aggregator.api.ReadyResponse;
import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.api.V1Api;

/** Everything that is answered over HTTP. */
public record HttpApi(
        StatsResponse stats, NodesResponse nodes, V1Api v1, ReadyResponse ready, ClusterResponse cluster) {}
