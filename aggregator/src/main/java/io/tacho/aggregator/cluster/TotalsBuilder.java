// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import io.tacho.aggregator.view.KnownNode;
import io.tacho.model.Field;
import io.tacho.model.MergeRules;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.QualityFlags;
import io.tacho.model.RequestKind;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Computes the totals of a list of nodes.
 *
 * <p>Thread safety: confined to one thread.
 */
final class TotalsBuilder {

    /** A node as the merge rules see it: they visit all nodes for each field, so few references lead to a number. */
    private record Values(
            NodeSnapshot snapshot,
            QualityFlags quality,
            @Nullable String host) implements MergeRules.Values {

        static Values of(KnownNode node) {
            NodeStatus status = node.envelope().status();
            return new Values(node.envelope().snapshot(), status.quality(), status.host());
        }

        @Override
        public long number(Field field) {
            return snapshot.number(field);
        }

        @Override
        public boolean isUnavailable(Field field) {
            return !quality.isAvailable(field);
        }
    }

    private final List<KnownNode> nodes;
    private final List<Values> values;
    private final Set<String> unreadable = new TreeSet<>();

    /** Creates a builder of the totals of these nodes. */
    TotalsBuilder(List<KnownNode> nodes) {
        this.nodes = nodes;
        values = nodes.stream().map(Values::of).toList();
    }

    /** Returns the totals, with the version of the view that has these nodes. */
    ClusterTotals build(long version) {
        Map<Field, MergedValue> merged = new EnumMap<>(Field.class);
        for (Field field : Field.NUMBERS) {
            MergedValue value = merge(field);
            if (value != null) {
                merged.put(field, value);
            }
        }
        Map<RequestKind, MergedTimes> times = new EnumMap<>(RequestKind.class);
        for (RequestKind kind : RequestKind.values()) {
            DurationHistogram.Merger merger = new DurationHistogram.Merger();
            int histograms = decode(detail -> detail.times(kind), merger::add);
            if (histograms > 0) {
                times.put(kind, new MergedTimes(histograms, merger.merged()));
            }
        }
        return new ClusterTotals(
                version,
                nodes.size(),
                Collections.unmodifiableMap(merged),
                Collections.unmodifiableMap(times),
                Collections.unmodifiableMap(new ExtrasMerge(nodes, unreadable).merged()),
                Collections.unmodifiableSet(unreadable));
    }

    private @Nullable MergedValue merge(Field field) {
        return switch (field.mergeRule()) {
            case NONE -> null;
            case RANGE -> range(field);
            case UNION -> union(field);
            case SUM, MAX, WEIGHTED_MEAN, SUM_PER_HOST -> new MergedValue.Single(MergeRules.merge(field, values));
        };
    }

    private @Nullable MergedValue range(Field field) {
        return values.isEmpty()
                ? null
                : new MergedValue.Range(
                        values.stream()
                                .mapToLong(node -> node.number(field))
                                .min()
                                .orElseThrow(),
                        MergeRules.max(values, node -> node.number(field)));
    }

    private MergedValue union(Field field) {
        HyperLogLog.Builder union = new HyperLogLog.Builder();
        int sketches = decode(detail -> sketch(field, detail), union::add);
        return new MergedValue.Union(
                nodes.size(),
                MergeRules.max(values, node -> node.number(field)),
                MergeRules.merge(field, values),
                sketches,
                sketches == 0 ? null : union.count());
    }

    private static @Nullable Encoded<HyperLogLog> sketch(Field field, WindowDetail detail) {
        return switch (field) {
            case NUM_UNIQUE_CLIENTS -> detail.users();
            case NUM_CHANNELS -> detail.channels();
            default -> null;
        };
    }

    /** Decodes a part of the nodes' detail, one at a time, and returns the number of readable ones. */
    private <T> int decode(Function<WindowDetail, @Nullable Encoded<T>> part, Consumer<T> consumer) {
        int decoded = 0;
        for (KnownNode node : nodes) {
            Encoded<T> encoded = part.apply(node.detail());
            if (encoded != null) {
                Optional<T> value = encoded.decodeIfReadable();
                if (value.isPresent()) {
                    consumer.accept(value.get());
                    decoded++;
                } else {
                    unreadable.add(node.uid());
                }
            }
        }
        return decoded;
    }
}
