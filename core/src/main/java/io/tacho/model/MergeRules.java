// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The merge rules of the field catalogue: how values of many nodes or windows become one. Results saturate at {@link
 * NodeSnapshot#MAX_VALUE}, as all values do. Nothing merged is 0.
 */
public final class MergeRules {

    private static final BigInteger MAX_VALUE = BigInteger.valueOf(NodeSnapshot.MAX_VALUE);

    /** The values of one node. */
    public interface Values {
        /** {@return the value of a field that is a number} */
        long number(Field field);

        /** {@return whether the source of the node does not have the field, so that its value of 0 means nothing} */
        boolean isUnavailable(Field field);

        /** {@return the host that the node runs on; null if it is unknown} */
        @Nullable
        String host();
    }

    private MergeRules() {}

    /**
     * Merges a field of many nodes by the field's rule. The result of {@link Field.MergeRule#UNION} is the sum, an upper bound.
     *
     * @throws IllegalArgumentException if the rule of the field does not lead to one number
     */
    public static long merge(Field field, Iterable<? extends Values> nodes) {
        return switch (field.mergeRule()) {
            case SUM, UNION -> sum(nodes, node -> node.number(field));
            case MAX -> max(nodes, node -> node.number(field));
            case SUM_PER_HOST -> sumPerHost(nodes, Values::host, node -> node.number(field));
            case WEIGHTED_MEAN -> weightedMean(field, nodes);
            case NONE, RANGE ->
                throw new IllegalArgumentException(
                        field.wireName() + ": merged by " + field.mergeRule().label() + " (expected: to one number)");
        };
    }

    /** {@return the sum} */
    public static <T> long sum(Iterable<T> items, ToLongFunction<? super T> value) {
        long sum = 0;
        for (T item : items) {
            sum = add(sum, value.applyAsLong(item));
        }
        return sum;
    }

    /** {@return the largest value} */
    public static <T> long max(Iterable<T> items, ToLongFunction<? super T> value) {
        long max = 0;
        for (T item : items) {
            max = Math.max(max, value.applyAsLong(item));
        }
        return max;
    }

    /** {@return the sum over the hosts of the largest value of each host; an item without a host counts separately} */
    public static <T> long sumPerHost(
            Iterable<T> items, Function<? super T, @Nullable String> host, ToLongFunction<? super T> value) {
        Map<String, Long> byHost = new HashMap<>();
        long sum = 0;
        for (T item : items) {
            String on = host.apply(item);
            if (on == null) {
                sum = add(sum, value.applyAsLong(item));
            } else {
                byHost.merge(on, value.applyAsLong(item), Math::max);
            }
        }
        for (long largest : byHost.values()) {
            sum = add(sum, largest);
        }
        return sum;
    }

    /**
     * Returns the sum of totals divided by the sum of weights, rounded down.
     *
     * @param total the mean of an item times its weight, which may exceed the range of a long
     */
    public static <T> long mean(
            Iterable<T> items, Function<? super T, BigInteger> total, ToLongFunction<? super T> weight) {
        BigInteger totals = BigInteger.ZERO;
        BigInteger weights = BigInteger.ZERO;
        for (T item : items) {
            long more = weight.applyAsLong(item);
            if (more > 0) {
                totals = totals.add(total.apply(item));
                weights = weights.add(BigInteger.valueOf(more));
            }
        }
        return quotient(totals, weights);
    }

    private static long weightedMean(Field field, Iterable<? extends Values> nodes) {
        Field weight = field.weight();
        if (weight == null) {
            throw new IllegalArgumentException(field.wireName() + ": no weight (expected: a field with requests)");
        }
        ExactSum totals = new ExactSum();
        ExactSum weights = new ExactSum();
        for (Values node : nodes) {
            long more = node.isUnavailable(field) ? 0 : node.number(weight);
            totals.add(node.number(field), more);
            weights.add(more, 1);
        }
        return quotient(totals.value(), weights.value());
    }

    private static long quotient(BigInteger totals, BigInteger weights) {
        return weights.signum() == 0 ? 0 : totals.divide(weights).min(MAX_VALUE).longValueExact();
    }

    /** A sum of products, none of them negative: a long as long as it fits. */
    private static final class ExactSum {

        private BigInteger exceeding = BigInteger.ZERO;
        private long sum;

        void add(long value, long times) {
            long product = value * times;
            if (Math.multiplyHigh(value, times) != 0 || product < 0 || sum + product < 0) {
                exceeding = value().add(BigInteger.valueOf(value).multiply(BigInteger.valueOf(times)));
                sum = 0;
            } else {
                sum += product;
            }
        }

        BigInteger value() {
            return exceeding.add(BigInteger.valueOf(sum));
        }
    }

    /** Both are at most {@link NodeSnapshot#MAX_VALUE}, so that the addition cannot overflow. */
    private static long add(long sum, long value) {
        return Math.min(NodeSnapshot.MAX_VALUE, sum + Math.min(NodeSnapshot.MAX_VALUE, value));
    }
}
