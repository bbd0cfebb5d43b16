// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import io.tacho.aggregator.view.KnownNode;
import io.tacho.model.Field;
import io.tacho.model.MergeRules;
import io.tacho.model.RequestKind;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DistinctSketch;
import io.tacho.sketch.DistinctUnion;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Computes the totals of a list of nodes.
 *
 * <p>Thread safety: confined to one thread.
 */
final class TotalsBuilder {

    /** A node as the merge rules see it. */
    private record Values(KnownNode node) implements MergeRules.Values {
        @Override
        public long number(Field field) {
            return node.envelope().snapshot().number(field);
        }

        @Override
        public boolean isUnavailable(Field field) {
            return !node.envelope().status().quality().isAvailable(field);
        }

        @Override
        public @Nullable String host() {
            return node.envelope().status().host();
        }
    }

    private final List<KnownNode> nodes;
    private final List<Values> values;
    private final Set<String> unreadable = new TreeSet<>();

    /** Creates a builder of the totals of these nodes. */
    TotalsBuilder(List<KnownNode> nodes) {
        this.nodes = nodes;
        values = nodes.stream().map(Values::new).toList();
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
            List<DurationHistogram> histograms = decode(detail -> detail.times(kind));
            if (!histograms.isEmpty()) {
                times.put(kind, new MergedTimes(histograms.size(), DurationHistogram.merge(histograms)));
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
        List<DistinctSketch> sketches = decode(detail -> sketch(field, detail));
        DistinctUnion union = new DistinctUnion();
        sketches.forEach(union::add);
        return new MergedValue.Union(
                nodes.size(),
                MergeRules.max(values, node -> node.number(field)),
                MergeRules.merge(field, values),
                sketches.size(),
                sketches.isEmpty() ? null : union.count());
    }

    private static @Nullable Encoded<DistinctSketch> sketch(Field field, WindowDetail detail) {
        return switch (field) {
            case NUM_UNIQUE_CLIENTS -> detail.users();
            case NUM_CHANNELS -> detail.channels();
            default -> null;
        };
    }

    private <T> List<T> decode(Function<WindowDetail, @Nullable Encoded<T>> part) {
        List<T> decoded = new ArrayList<>();
        for (KnownNode node : nodes) {
            Encoded<T> encoded = part.apply(node.envelope().detail());
            if (encoded != null) {
                encoded.decodeIfReadable().ifPresentOrElse(decoded::add, () -> unreadable.add(node.uid()));
            }
        }
        return decoded;
    }
}
