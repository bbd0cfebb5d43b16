// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import io.tacho.aggregator.view.KnownNode;
import io.tacho.model.Field;
import io.tacho.model.Field.MergeRule;
import io.tacho.model.Field.Unit;
import io.tacho.model.RequestKind;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A name for each number in {@link ClusterTotals}: a field that is merged to one number, or a quantile of response times, e.g. {@code
 * time_api_p99}.
 */
public final class ClusterMetric {

    /** All metrics: the fields in their order, then the quantiles. */
    public static final List<ClusterMetric> ALL = all();

    private static final Map<String, ClusterMetric> BY_NAME = byName();

    private final String name;
    private final Unit unit;
    private final String description;
    private final Function<ClusterTotals, @Nullable Long> number;
    private final Function<KnownNode, @Nullable Long> ofNode;
    /** The requests of whose durations the metric is a quantile; null if it is a field. */
    private final @Nullable RequestKind requests;

    private ClusterMetric(
            String name,
            Unit unit,
            String description,
            Function<ClusterTotals, @Nullable Long> number,
            Function<KnownNode, @Nullable Long> ofNode,
            @Nullable RequestKind requests) {
        this.name = name;
        this.unit = unit;
        this.description = description;
        this.number = number;
        this.ofNode = ofNode;
        this.requests = requests;
    }

    private static List<ClusterMetric> all() {
        List<ClusterMetric> all = new ArrayList<>();
        for (Field field : Field.NUMBERS) {
            if (field.mergeRule() != MergeRule.NONE && field.mergeRule() != MergeRule.RANGE) {
                all.add(new ClusterMetric(
                        field.wireName(),
                        field.unit(),
                        field.description(),
                        totals -> {
                            MergedValue value = totals.value(field);
                            return value == null ? null : value.number();
                        },
                        node -> node.envelope().status().quality().isCurrent(field)
                                ? (Long) node.envelope().snapshot().number(field)
                                : null,
                        null));
            }
        }
        for (RequestKind kind : RequestKind.values()) {
            for (Quantile quantile : Quantile.values()) {
                all.add(new ClusterMetric(
                        kind.timeName() + "_" + quantile.label(),
                        Unit.NANOSECONDS,
                        "Quantile " + quantile.share() + " of the durations of " + kind.label() + " requests",
                        totals -> {
                            MergedTimes times = totals.times(kind);
                            return times == null ? null : times.quantile(quantile);
                        },
                        node -> quantile(node, kind, quantile),
                        kind));
            }
        }
        return List.copyOf(all);
    }

    private static @Nullable Long quantile(KnownNode node, RequestKind kind, Quantile quantile) {
        Encoded<DurationHistogram> times = node.detail().times(kind);
        return times == null
                ? null
                : times.decodeIfReadable()
                        .filter(histogram -> histogram.count() > 0)
                        .map(histogram -> histogram.quantile(quantile.share()))
                        .orElse(null);
    }

    private static Map<String, ClusterMetric> byName() {
        Map<String, ClusterMetric> byName = new LinkedHashMap<>();
        ALL.forEach(metric -> byName.put(metric.name, metric));
        return Collections.unmodifiableMap(byName);
    }

    /** {@return the metric with a name; null if there is none} */
    public static @Nullable ClusterMetric of(String name) {
        return BY_NAME.get(name);
    }

    /** {@return the names of all metrics, in their order} */
    public static Set<String> names() {
        return BY_NAME.keySet();
    }

    /** {@return the name of the metric: the wire name of a field, or e.g. {@code time_api_p99}} */
    public String name() {
        return name;
    }

    /** {@return the unit of the value} */
    public Unit unit() {
        return unit;
    }

    /** {@return a short description of the value} */
    public String description() {
        return description;
    }

    /** Returns the value of this metric in the totals; null if it is not known. */
    @Nullable
    Long number(ClusterTotals totals) {
        return number.apply(totals);
    }

    /** Returns the value of one node in its last window; null if the node does not report it now. */
    public @Nullable Long ofNode(KnownNode node) {
        return ofNode.apply(node);
    }

    /** Returns whether this metric is a quantile of the durations of requests, and the node reports no requests in its last window. */
    public boolean isWithoutRequests(KnownNode node) {
        return requests != null
                && node.envelope().status().quality().isCurrent(requests.count())
                && node.envelope().snapshot().number(requests.count()) == 0;
    }

    @Override
    public String toString() {
        return name;
    }
}
