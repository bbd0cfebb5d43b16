// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import io.tacho.aggregator.cluster.Quantile;
import io.tacho.aggregator.history.HistoryField;
import io.tacho.aggregator.history.HistoryStep;
import io.tacho.model.Field;
import io.tacho.model.Field.Kind;
import io.tacho.model.Field.MergeRule;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.RequestKind;
import io.tacho.model.TotalField;
import io.tacho.model.WindowGauges;
import io.tacho.model.period.Peak;
import io.tacho.model.period.PeriodSummary;
import io.tacho.model.period.SummaryNumbers;
import io.tacho.sketch.DistinctCount;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Computes the fields of a response from a summary. Gauges are means over the time that windows cover.
 *
 * <p>Thread safety: confined to one thread.
 */
final class PeriodSteps {

    private final PeriodSummary summary;
    private final Map<HistoryField, Long> fields = new EnumMap<>(HistoryField.class);

    private PeriodSteps(PeriodSummary summary) {
        this.summary = summary;
    }

    /** {@return the fields of a summary} */
    static HistoryStep of(PeriodSummary summary) {
        return new PeriodSteps(summary).step();
    }

    private HistoryStep step() {
        fields.put(HistoryField.SECONDS, summary.coveredSeconds());
        fields.put(HistoryField.NODES, mean(SummaryNumbers.NODE_SECONDS));
        for (Field gauge : WindowGauges.FIELDS) {
            if (gauge.mergeRule() != MergeRule.UNION) {
                fields.put(HistoryField.valueOf(gauge.name()), mean(SummaryNumbers.integral(gauge)));
            }
        }
        for (Field field : Field.NUMBERS) {
            if (field.kind() == Kind.COUNTER) {
                fields.put(HistoryField.valueOf(field.name()), bounded(summary.number(field.wireName())));
            }
        }
        distinct(
                Field.NUM_UNIQUE_CLIENTS,
                summary.users(),
                SummaryNumbers.USERS_NODES,
                SummaryNumbers.MAX_UNIQUE_CLIENTS);
        distinct(Field.NUM_CHANNELS, summary.channels(), SummaryNumbers.CHANNELS_NODES, SummaryNumbers.MAX_CHANNELS);
        for (RequestKind requests : RequestKind.values()) {
            times(requests);
        }
        for (Map.Entry<Field, Peak> peak : summary.peaks().entrySet()) {
            HistoryField field = HistoryField.peakOf(peak.getKey());
            if (field != null) {
                fields.put(field, bounded(BigInteger.valueOf(peak.getValue().value())));
                fields.put(field.time(), peak.getValue().atSeconds());
            }
        }
        return HistoryStep.of(fields);
    }

    private static long bounded(BigInteger value) {
        return value.min(BigInteger.valueOf(NodeSnapshot.MAX_VALUE)).longValue();
    }

    private long mean(String integral) {
        long seconds = summary.coveredSeconds();
        return seconds == 0
                ? 0
                : bounded(new BigDecimal(summary.number(integral))
                        .divide(BigDecimal.valueOf(seconds), 0, RoundingMode.HALF_UP)
                        .toBigInteger());
    }

    /** The bounds are those of the sketch if all windows of nodes have one; otherwise there is only a lower bound. */
    private void distinct(Field field, @Nullable Encoded<HyperLogLog> sketch, String nodes, String largestNode) {
        DistinctCount count = sketch == null
                ? DistinctCount.ZERO
                : sketch.decodeIfReadable().map(HyperLogLog::count).orElse(DistinctCount.ZERO);
        HistoryField lower = HistoryField.valueOf(field.name() + "_LOWER");
        if (sketch != null && summary.number(nodes).longValue() >= summary.nodeWindows()) {
            fields.put(lower, count.lower());
            fields.put(HistoryField.valueOf(field.name()), count.estimate());
            fields.put(HistoryField.valueOf(field.name() + "_UPPER"), count.upper());
        } else {
            fields.put(lower, Math.max(count.lower(), bounded(summary.number(largestNode))));
        }
    }

    private void times(RequestKind requests) {
        BigInteger count = summary.number(requests.count().wireName());
        BigInteger longest = summary.number(requests.max().wireName());
        if (count.signum() > 0) {
            TotalField sum = requests == RequestKind.API ? TotalField.TIME_API_SUM : TotalField.TIME_CLIENT_SUM;
            fields.put(
                    HistoryField.valueOf(requests.mean().name()),
                    bounded(summary.number(sum.wireName()).divide(count)));
        }
        if (count.signum() > 0 || longest.signum() > 0) {
            fields.put(HistoryField.valueOf(requests.max().name()), bounded(longest));
        }
        Encoded<DurationHistogram> times = summary.times(requests);
        DurationHistogram all = times == null
                ? DurationHistogram.EMPTY
                : times.decodeIfReadable().orElse(DurationHistogram.EMPTY);
        if (all.count() > 0) {
            for (Quantile quantile : Quantile.values()) {
                fields.put(HistoryField.valueOf("TIME_" + requests + "_" + quantile), all.quantile(quantile.share()));
            }
        }
    }
}
