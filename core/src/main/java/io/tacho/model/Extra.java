// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value that a node reports in addition to the 22 fields, with the rule by which the values of several nodes are merged.
 *
 * @param kind {@link #GAUGE}, {@link #COUNTER} or {@link #TIMER}; a newer node may use others
 * @param rule {@link #SUM}, {@link #MAX}, {@link #LAST} or {@link #HISTOGRAM}; a newer node may use others
 * @param value the current value of a gauge, the increase of a counter in the last window; 0 for durations
 * @param total of a counter since the start of the node; null if it is not reported
 * @param durations of the last window; null unless it is a histogram
 */
public record Extra(
        String kind,
        String rule,
        long value,
        @Nullable Long total,
        @Nullable Encoded<DurationHistogram> durations) {

    /** A current value. */
    public static final String GAUGE = "gauge";

    /** Events of the last window. */
    public static final String COUNTER = "counter";

    /** Durations of the last window. */
    public static final String TIMER = "timer";

    /** The values of all nodes are added. */
    public static final String SUM = "sum";

    /** The largest value of all nodes. */
    public static final String MAX = "max";

    /** The most recent value of all nodes. */
    public static final String LAST = "last";

    /** The histograms of all nodes are merged. */
    public static final String HISTOGRAM = "histogram";

    private static final String WORD_TEXT = "lower-case letters, digits and _, from a letter on, at most 32";
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9_]{0,31}");

    /** @throws IllegalArgumentException naming the member that is out of its bounds */
    public Extra {
        Checks.matches("extras: kind", kind, WORD, WORD_TEXT);
        Checks.matches("extras: rule", rule, WORD, WORD_TEXT);
        Checks.count("extras: value", value);
        if (total != null) {
            Checks.count("extras: total", total);
        }
        Checks.size("extras: histogram", durations);
        if (durations == null && rule.equals(HISTOGRAM)) {
            throw new IllegalArgumentException("extras: value missing (expected: a histogram)");
        }
        kind = shared(kind);
        rule = shared(rule);
    }

    /** {@return the same text of every node: there are few different ones} */
    private static String shared(String word) {
        return switch (word) {
            case GAUGE -> GAUGE;
            case COUNTER -> COUNTER;
            case TIMER -> TIMER;
            case SUM -> SUM;
            case MAX -> MAX;
            case LAST -> LAST;
            case HISTOGRAM -> HISTOGRAM;
            default -> word;
        };
    }

    /** {@return a current value of which the cluster has the sum} */
    public static Extra gauge(long value) {
        return gauge(SUM, value);
    }

    /** {@return a current value with its merge rule} */
    public static Extra gauge(String rule, long value) {
        return new Extra(GAUGE, rule, bounded(value), null, null);
    }

    /**
     * Returns a counter.
     *
     * @param increase in the last window
     * @param total since the start of the node
     */
    public static Extra counter(long increase, long total) {
        return new Extra(COUNTER, SUM, bounded(increase), bounded(total), null);
    }

    /** {@return durations of the last window} */
    public static Extra timer(DurationHistogram durations) {
        return new Extra(TIMER, HISTOGRAM, 0, null, durations.encoded());
    }

    /** {@return whether the values of several nodes can be merged; those with a rule of a later version are passed through} */
    public boolean isMergeable() {
        return switch (rule) {
            case SUM, MAX, LAST, HISTOGRAM -> true;
            default -> false;
        };
    }

    /** {@return whether both have the same kind and rule} */
    public boolean isSameAs(Extra other) {
        return kind.equals(other.kind) && rule.equals(other.rule);
    }

    Extra withoutTotal() {
        return total == null ? this : new Extra(kind, rule, value, null, durations);
    }

    /** {@return this value merged with a later one of the same kind and rule, without a total} */
    Extra mergedWith(Extra later) {
        return switch (rule) {
            case SUM -> new Extra(kind, rule, bounded(value + later.value), null, null);
            case MAX -> new Extra(kind, rule, Math.max(value, later.value), null, null);
            case HISTOGRAM -> new Extra(kind, rule, 0, null, merged(durations, later.durations));
            default -> new Extra(kind, rule, later.value, null, null);
        };
    }

    /** Merges two histograms; one that is unreadable is left out. */
    private static @Nullable Encoded<DurationHistogram> merged(
            @Nullable Encoded<DurationHistogram> a, @Nullable Encoded<DurationHistogram> b) {
        if (a == null || a.decodeIfReadable().isEmpty()) {
            return b;
        }
        return b == null || b.decodeIfReadable().isEmpty()
                ? a
                : a.decode().merge(b.decode()).encoded();
    }

    /** {@return this value as a window that covers a part of the interval contributes to the cluster} */
    Extra weighted(double weight) {
        return kind.equals(GAUGE) && rule.equals(SUM) ? gauge(Math.round(weight * value)) : this;
    }

    private static long bounded(long value) {
        return Math.max(0, Math.min(value, Checks.MAX_VALUE));
    }
}
