// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.cluster.ClusterTotals;
import io.tacho.aggregator.cluster.CostThrottledCache;
import io.tacho.aggregator.cluster.MergedTimes;
import io.tacho.aggregator.cluster.NodeGroup;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.model.Field;
import io.tacho.model.RequestKind;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The response of {@code /cluster?by=}: the nodes grouped by version or by a label, so that a canary can be compared with the others.
 *
 * <p>Thread safety: safe.
 */
public final class ComparisonResponse {

    private static final String VERSION = "version";
    private static final Pattern LABEL = Pattern.compile("label:[a-zA-Z_][a-zA-Z0-9_]{0,62}");
    private static final int MAX_GROUPS = 50;
    private static final int MAX_CACHED = 16;
    /** The number of different comparisons that may be computed or wait for it. */
    private static final int MAX_PENDING = 16;

    private static final double CLIENTS = 1_000;

    /** What is compared per client; the numbers of a window. */
    private static final List<Field> PER_CLIENT = List.of(
            Field.NUM_MSG_PUBLISHED,
            Field.NUM_MSG_SENT,
            Field.NUM_API_REQUESTS,
            Field.NUM_CLIENT_REQUESTS,
            Field.BYTES_CLIENT_IN,
            Field.BYTES_CLIENT_OUT,
            Field.MEMORY_SYS,
            Field.CPU_USAGE);

    private final ClusterView view;
    private final Executor executor;
    private final LongSupplier nanoTime;
    /** By property; the eldest is removed. */
    private final Map<String, CostThrottledCache<byte[]>> cached = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CostThrottledCache<byte[]>> eldest) {
            return size() > MAX_CACHED;
        }
    };

    private final Set<String> pending = new HashSet<>();

    /**
     * Creates the responses of an aggregator.
     *
     * @param executor computes the responses
     * @param nanoTime monotonic clock
     */
    public ComparisonResponse(ClusterView view, Executor executor, LongSupplier nanoTime) {
        this.view = view;
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /**
     * Returns the groups by a property, UTF-8 JSON; shared, not to be changed.
     *
     * @param by {@code version}, or {@code label:} and the name of a label
     * @return completed exceptionally with a {@link RejectedExecutionException} if too many different comparisons are requested
     * @throws IllegalArgumentException with the found and the expected value
     */
    public CompletionStage<byte[]> body(String by) {
        if (!by.equals(VERSION) && !LABEL.matcher(by).matches()) {
            throw new IllegalArgumentException(
                    "by: '" + QueryParameters.shown(by) + "' (expected: version, or label:NAME)");
        }
        CompletionStage<byte[]> body;
        synchronized (cached) {
            if (pending.size() >= MAX_PENDING && !pending.contains(by)) {
                return CompletableFuture.failedFuture(new RejectedExecutionException(
                        "by: too many different comparisons at once (expected: at most " + MAX_PENDING + ")"));
            }
            pending.add(by);
            body = cached.computeIfAbsent(
                            by, property -> new CostThrottledCache<>(view, () -> make(property), executor, nanoTime))
                    .get();
        }
        return body.whenComplete((done, failure) -> {
            synchronized (cached) {
                pending.remove(by);
            }
        });
    }

    private byte[] make(String by) {
        List<NodeGroup> groups = NodeGroup.of(view.nodeList(), property(by));
        ObjectNode body = ApiJson.object().put("by", by).put("total", groups.size());
        ArrayNode array = body.putArray("groups");
        groups.stream().limit(MAX_GROUPS).forEach(group -> write(array.addObject(), group, groups.get(0)));
        return ApiJson.write(body);
    }

    private static Function<KnownNode, @Nullable String> property(String by) {
        if (by.equals(VERSION)) {
            return node -> node.envelope().status().version();
        }
        String label = by.substring(by.indexOf(':') + 1);
        return node -> node.envelope().status().labels().get(label);
    }

    private static void write(ObjectNode json, NodeGroup group, NodeGroup baseline) {
        ClusterTotals totals = group.totals();
        json.put("value", group.value())
                .put("nodes", totals.nodes())
                .put("num_clients", number(totals, Field.NUM_CLIENTS));
        Map<String, Double> values = comparable(totals);
        Map<String, Double> baselineValues = comparable(baseline.totals());
        ObjectNode compared = json.putObject("values");
        values.forEach((name, value) -> {
            ObjectNode entry = compared.putObject(name).put("value", ApiJson.rounded(value));
            Double base = baselineValues.get(name);
            if (base != null && base > 0) {
                entry.put("factor", ApiJson.rounded(value / base));
            }
        });
        ObjectNode samples = json.putObject("samples");
        for (RequestKind kind : RequestKind.values()) {
            MergedTimes times = totals.times(kind);
            samples.put(kind.timeName(), times == null ? 0 : times.histogram().count());
        }
    }

    /** Returns what can be compared between groups of different sizes: rates per 1,000 clients, and response times. */
    private static Map<String, Double> comparable(ClusterTotals totals) {
        Map<String, Double> values = new LinkedHashMap<>();
        long clients = number(totals, Field.NUM_CLIENTS);
        values.put("clients_per_node", (double) clients / totals.nodes());
        if (clients > 0) {
            PER_CLIENT.forEach(field ->
                    values.put(field.wireName() + "_per_1000_clients", CLIENTS * number(totals, field) / clients));
        }
        for (Field field : List.of(Field.TIME_API_MEAN, Field.TIME_CLIENT_MEAN)) {
            values.put(field.wireName(), (double) number(totals, field));
        }
        for (String metric : List.of("time_api_p50", "time_api_p99", "time_client_p50", "time_client_p99")) {
            Long number = totals.number(metric);
            if (number != null) {
                values.put(metric, (double) number);
            }
        }
        return values;
    }

    private static long number(ClusterTotals totals, Field field) {
        Long number = totals.number(field.wireName());
        return number == null ? 0 : number;
    }
}
