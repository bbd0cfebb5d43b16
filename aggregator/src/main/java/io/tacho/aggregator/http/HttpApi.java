// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.tacho.aggregator.alert.notify.LatestAlertStatus;
import io.tacho.aggregator.api.ClusterResponse;
import io.tacho.aggregator.api.HistoryResponse;
import io.tacho.aggregator.api.InfoApi;
import io.tacho.aggregator.api.NodeSeriesResponse;
import io.tacho.aggregator.api.NodesResponse;
import io.tacho.aggregator.api.ReadyResponse;
import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.api.Turns;
import io.tacho.aggregator.api.V1Api;
import io.tacho.aggregator.dashboard.Dashboard;
import io.tacho.aggregator.events.EventFeed;
import io.tacho.aggregator.metrics.HttpMetrics;
import io.tacho.aggregator.metrics.MetricsPage;

/**
 * Everything that is answered over HTTP.
 *
 * @param page what Prometheus scrapes
 * @param metrics where the server counts what it does
 */
public record HttpApi(
        StatsResponse stats,
        NodesResponse nodes,
        V1Api v1,
        InfoApi info,
        ReadyResponse ready,
        ClusterResponse cluster,
        Dashboard dashboard,
        HistoryResponse history,
        NodeSeriesResponse nodeSeries,
        Turns turns,
        EventFeed events,
        LatestAlertStatus alerts,
        MetricsPage page,
        HttpMetrics metrics) {}
