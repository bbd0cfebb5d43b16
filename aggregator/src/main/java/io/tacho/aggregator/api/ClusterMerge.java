// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.view.LiveNode;
import io.tacho.model.IntervalMetrics;
import io.tacho.model.NodeInfo;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.Quality;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DistinctCount;
import io.tacho.sketch.DistinctSketch;
import io.tacho.sketch.DistinctUnion;
import io.tacho.sketch.DurationHistogram;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of all nodes as those of one: each field by the rule that makes sense for it. What one node ships that cannot
 * be read is left out, and told.
 *
 * <p>Thread safety: confined to one thread.
 */
final class ClusterMerge {

    private final List<LiveNode> nodes;
    private final Set<String> unreadable = new TreeSet<>();

    ClusterMerge(List<LiveNode> nodes) {
        this.nodes = nodes;
    }

    /** The uids of the nodes that have shipped something that cannot be read; complete when all is written. */
    Set<String> unreadable() {
        return unreadable;
    }

    /** Writes the fields but the ids, in the order of the 22. */
    void writeFields(ObjectNode json) {
        sum(json, "num_goroutine", node -> node.info().numGoroutine());
        sum(json, "num_clients", node -> node.info().numClients());
        distinct(json, "num_unique_clients", NodeInfo::numUniqueClients, WindowDetail::users);
        distinct(json, "num_channels", NodeInfo::numChannels, WindowDetail::channels);
        startedAt(json.putObject("started_at"));
        sum(json, "gomaxprocs", node -> node.info().gomaxprocs());
        json.put("num_cpu", cpus());
        sum(json, "num_msg_published", node -> node.metrics().numMsgPublished());
        sum(json, "num_msg_queued", node -> node.metrics().numMsgQueued());
        sum(json, "num_msg_sent", node -> node.metrics().numMsgSent());
        sum(json, "num_api_requests", node -> node.metrics().numApiRequests());
        sum(json, "num_client_requests", node -> node.metrics().numClientRequests());
        sum(json, "bytes_client_in", node -> node.metrics().bytesClientIn());
        sum(json, "bytes_client_out", node -> node.metrics().bytesClientOut());
        mean(json, "time_api_mean", IntervalMetrics::timeApiMean, IntervalMetrics::numApiRequests);
        mean(json, "time_client_mean", IntervalMetrics::timeClientMean, IntervalMetrics::numClientRequests);
        json.put("time_api_max", max(node -> node.metrics().timeApiMax()));
        json.put("time_client_max", max(node -> node.metrics().timeClientMax()));
        sum(json, "memory_sys", node -> node.metrics().memorySys());
        sum(json, "cpu_usage", node -> node.metrics().cpuUsage());
    }

    private void sum(ObjectNode json, String field, ToLongFunction<NodeSnapshot> value) {
        json.put(field, total(value));
    }

    private long total(ToLongFunction<NodeSnapshot> value) {
        long sum = 0;
        for (LiveNode node : nodes) {
            // both are at most 2^53, and so is what is told: any reader of JSON keeps it exact
            sum = Math.min(NodeSnapshot.MAX_VALUE, sum + value.applyAsLong(snapshot(node)));
        }
        return sum;
    }

    private long max(ToLongFunction<NodeSnapshot> value) {
        return nodes.stream()
                .mapToLong(node -> value.applyAsLong(snapshot(node)))
                .max()
                .orElse(0);
    }

    private static NodeSnapshot snapshot(LiveNode node) {
        return node.envelope().snapshot();
    }

    /** Who is on several nodes counts once, but which those are only sketches tell. */
    private void distinct(
            ObjectNode json,
            String field,
            ToLongFunction<NodeInfo> value,
            Function<WindowDetail, @Nullable String> sketch) {
        ObjectNode bounds = json.putObject(field)
                .put("max", max(node -> value.applyAsLong(node.info())))
                .put("sum", total(node -> value.applyAsLong(node.info())));
        DistinctUnion union = new DistinctUnion();
        List<DistinctSketch> sketches = read(sketch, DistinctSketch::parse);
        sketches.forEach(union::add);
        if (!sketches.isEmpty()) {
            DistinctCount count = union.count();
            bounds.putObject("union")
                    .put("nodes", sketches.size())
                    .put("lower", count.lower())
                    .put("estimate", count.estimate())
                    .put("upper", count.upper());
        }
    }

    private void startedAt(ObjectNode range) {
        nodes.stream()
                .mapToLong(node -> snapshot(node).info().startedAt())
                .min()
                .ifPresent(first -> range.put("min", first)
                        .put("max", max(node -> node.info().startedAt())));
    }

    /** The CPUs of a machine count once, where nodes tell on which they are. */
    private long cpus() {
        Map<String, Long> byHost = new HashMap<>();
        long elsewhere = 0;
        for (LiveNode node : nodes) {
            String host = node.envelope().status().host();
            long cpus = snapshot(node).info().numCpu();
            if (host == null) {
                elsewhere = Math.min(NodeSnapshot.MAX_VALUE, elsewhere + cpus);
            } else {
                byHost.merge(host, cpus, Math::max);
            }
        }
        return byHost.values().stream().reduce(elsewhere, (sum, cpus) -> Math.min(NodeSnapshot.MAX_VALUE, sum + cpus));
    }

    private void mean(
            ObjectNode json,
            String field,
            ToLongFunction<IntervalMetrics> mean,
            ToLongFunction<IntervalMetrics> requests) {
        BigInteger time = BigInteger.ZERO;
        BigInteger count = BigInteger.ZERO;
        for (LiveNode node : nodes) {
            if (node.envelope().status().quality().byWireName().get(field) != Quality.UNAVAILABLE) {
                IntervalMetrics metrics = snapshot(node).metrics();
                BigInteger weight = BigInteger.valueOf(requests.applyAsLong(metrics));
                time = time.add(weight.multiply(BigInteger.valueOf(mean.applyAsLong(metrics))));
                count = count.add(weight);
            }
        }
        json.put(field, count.signum() == 0 ? 0 : time.divide(count).longValueExact());
    }

    /** Writes the quantiles over all nodes that ship histograms; nothing where none does. */
    void writeQuantiles(ObjectNode json) {
        quantiles(json, "time_api", WindowDetail::timeApi);
        quantiles(json, "time_client", WindowDetail::timeClient);
    }

    private void quantiles(ObjectNode json, String field, Function<WindowDetail, @Nullable String> text) {
        List<DurationHistogram> histograms = read(text, DurationHistogram::parse);
        if (!histograms.isEmpty()) {
            DurationHistogram all = DurationHistogram.merge(histograms);
            json.putObject(field)
                    .put("nodes", histograms.size())
                    .put("count", all.count())
                    .put("p50", all.quantile(0.5))
                    .put("p90", all.quantile(0.9))
                    .put("p99", all.quantile(0.99))
                    .put("p999", all.quantile(0.999))
                    .put("max", all.max());
        }
    }

    private <T> List<T> read(Function<WindowDetail, @Nullable String> text, Function<String, T> parser) {
        List<T> read = new ArrayList<>();
        for (LiveNode node : nodes) {
            String shipped = text.apply(node.envelope().detail());
            if (shipped != null) {
                try {
                    read.add(parser.apply(shipped));
                } catch (IllegalArgumentException e) {
                    unreadable.add(node.uid());
                }
            }
        }
        return read;
    }
}
