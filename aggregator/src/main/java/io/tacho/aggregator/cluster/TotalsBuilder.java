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
import java.util.ArrayList;
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

    /** A node as the merge rules see it. */
    private final class Values implements MergeRules.Values {

        private final int index;
        private final QualityFlags quality;
        private final @Nullable String host;

        Values(int index, NodeStatus status) {
            this.index = index;
            quality = status.quality();
            host = status.host();
        }

        @Override
        public long number(Field field) {
            return numbers[row(field)][index];
        }

        @Override
        public boolean isUnavailable(Field field) {
            return !quality.isAvailable(field);
        }

        @Override
        public @Nullable String host() {
            return host;
        }
    }

    private final int nodes;
    /** Of each field the numbers of all nodes. */
    private final long[][] numbers;

    private final List<Values> values;
    private final List<KnownNode> withDetail = new ArrayList<>();
    private final Set<String> unreadable = new TreeSet<>();

    /**
     * Creates a builder of the totals of these nodes. Each node is visited once: the rules visit all nodes for each field, which takes
     * several times as long if every number is looked up at its node.
     */
    TotalsBuilder(List<KnownNode> all) {
        nodes = all.size();
        values = new ArrayList<>(nodes);
        numbers = new long[Field.values().length][];
        Field.NUMBERS.forEach(field -> numbers[row(field)] = new long[nodes]);
        for (int i = 0; i < nodes; i++) {
            KnownNode node = all.get(i);
            values.add(new Values(i, node.envelope().status()));
            NodeSnapshot snapshot = node.envelope().snapshot();
            for (Field field : Field.NUMBERS) {
                numbers[row(field)][i] = snapshot.number(field);
            }
            if (!node.detail().equals(WindowDetail.NONE)) {
                withDetail.add(node);
            }
        }
    }

    @SuppressWarnings("EnumOrdinal") // an index into an array of primitives
    private static int row(Field field) {
        return field.ordinal();
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
                nodes,
                Collections.unmodifiableMap(merged),
                Collections.unmodifiableMap(times),
                Collections.unmodifiableMap(new ExtrasMerge(withDetail, unreadable).merged()),
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
                nodes,
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
        for (KnownNode node : withDetail) {
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
