// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.cluster.ClusterTotals;
import io.tacho.aggregator.cluster.CostThrottledCache;
import io.tacho.aggregator.cluster.Identity;
import io.tacho.aggregator.cluster.Imbalance;
import io.tacho.aggregator.cluster.TotalsCache;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeStateCounts;
import io.tacho.aggregator.view.SubscriptionState;
import io.tacho.aggregator.view.ViewMetrics;
import io.tacho.aggregator.view.detail.DetailStatus;
import io.tacho.model.Field;
import io.tacho.model.MembershipEvent;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The response of {@code /cluster}: its identity, the state of the view, recent membership changes, rejected messages, the totals, and
 * warnings.
 *
 * <p>Thread safety: safe.
 */
public final class ClusterResponse {

    private final ClusterView view;
    private final TotalsCache totals;
    private final Supplier<OutlierReport> outliers;
    private final Supplier<Identity> identity;
    private final CostThrottledCache<byte[]> response;

    /**
     * Creates the response of an aggregator.
     *
     * @param executor computes the responses
     * @param nanoTime monotonic clock
     */
    public ClusterResponse(
            ClusterView view,
            TotalsCache totals,
            Supplier<OutlierReport> outliers,
            Supplier<Identity> identity,
            Executor executor,
            LongSupplier nanoTime) {
        this.view = view;
        this.totals = totals;
        this.outliers = outliers;
        this.identity = identity;
        response = new CostThrottledCache<>(view, this::make, executor, nanoTime);
    }

    /** {@return the body, UTF-8 JSON; shared, not to be changed} */
    public CompletionStage<byte[]> body() {
        return response.get();
    }

    private byte[] make() {
        List<KnownNode> nodes = view.nodeList().nodes();
        NodeStateCounts states = view.stateCounts();
        ObjectNode body = ApiJson.object();
        addIdentity(body.putObject("identity"), identity.get());
        body.putObject("nodes")
                .put("live", states.live())
                .put("draining", states.draining())
                .put("stale", states.stale());
        ViewStatusJson.write(body.putObject("view"), view);
        addCounts(body, view.metrics());
        DetailStatus detail = view.detailStatus();
        body.putObject("detail")
                .put("nodes", detail.nodes())
                .put("dropped_nodes", detail.droppedNodes())
                .put("drops", detail.drops())
                .put("bytes", detail.bytes())
                .put("max_bytes", detail.maxBytes());
        ClusterTotals merged = totals.get();
        ClusterTotalsJson.write(body, merged);
        addImbalance(body.putObject("imbalance"), nodes);
        OutliersJson.writeCluster(body.putObject("outliers"), outliers.get());
        addQuality(body.putObject("quality"), nodes);
        new ClusterWarnings(body.putArray("warnings")).write(view, nodes, merged.unreadable());
        return ApiJson.write(body);
    }

    private void addIdentity(ObjectNode body, Identity current) {
        body.put("cluster", current.clusterName())
                .put("namespace", current.namespace())
                .put("aggregator", current.aggregator())
                .put("version", current.version());
        ObjectNode redis = body.putObject("redis").put("address", current.redisAddress());
        ArrayNode partitions = redis.putArray("partitions");
        for (SubscriptionState.PartitionStatus partition : view.subscription().partitionStatuses()) {
            partitions
                    .addObject()
                    .put("state", partition.state())
                    .put("stale_ms", partition.staleFor().toMillis());
        }
        ObjectNode problems = redis.putObject("problems");
        new TreeMap<>(current.redisProblems()).forEach(problems::put);
    }

    private static void addCounts(ObjectNode body, ViewMetrics metrics) {
        ObjectNode recent =
                body.putObject("recent").put("seconds", metrics.recentWindow().toSeconds());
        ObjectNode total = body.putObject("total");
        for (MembershipEvent event : ViewMetrics.COUNTED) {
            recent.put(event.label(), metrics.recentEvents(event));
            total.put(event.label(), metrics.eventTotal(event));
        }
        ObjectNode malformed = body.putObject("messages")
                .put("received", metrics.received())
                .put("outdated", metrics.outdated())
                .put("rejected", metrics.rejected())
                .putObject("malformed");
        metrics.malformed().forEach(malformed::put);
    }

    /** Adds how unevenly the fields are spread by which a cluster is balanced. */
    private static void addImbalance(ObjectNode body, List<KnownNode> nodes) {
        for (Field field : Imbalance.FIELDS) {
            Imbalance imbalance = Imbalance.of(nodes, field);
            if (imbalance != null) {
                body.putObject(field.wireName())
                        .put("nodes", imbalance.nodes())
                        .put("max_over_mean", ApiJson.rounded(imbalance.maxOverMean()))
                        .put("variation", ApiJson.rounded(imbalance.variation()));
            }
        }
    }

    /** Adds for each field how many nodes flag it, by flag. */
    private static void addQuality(ObjectNode body, List<KnownNode> nodes) {
        Map<String, Map<String, Long>> flags = new TreeMap<>();
        for (KnownNode node : nodes) {
            QualityFlags flagged = node.envelope().status().quality();
            if (!flagged.isEmpty()) {
                flagged.byWireName().forEach((field, quality) -> {
                    if (quality != Quality.EXACT) {
                        flags.computeIfAbsent(field, first -> new TreeMap<>()).merge(quality.label(), 1L, Long::sum);
                    }
                });
            }
        }
        flags.forEach((field, counts) -> counts.forEach(body.putObject(field)::put));
    }
}
