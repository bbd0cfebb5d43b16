// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.otlp;

import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.tacho.model.NodeSnapshot;

/** Checks data points, so that one that is invalid affects no later one. */
final class OtlpPoints {

    private OtlpPoints() {}

    static boolean isDelta(AggregationTemporality temporality) {
        return temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
    }

    /** {@return the number of data points of which it is unknown whether they are totals or increases} */
    static int withoutTemporality(Metric metric) {
        return switch (metric.getDataCase()) {
            case SUM ->
                isKnown(metric.getSum().getAggregationTemporality())
                        ? 0
                        : metric.getSum().getDataPointsCount();
            case HISTOGRAM ->
                isKnown(metric.getHistogram().getAggregationTemporality())
                        ? 0
                        : metric.getHistogram().getDataPointsCount();
            case EXPONENTIAL_HISTOGRAM ->
                isKnown(metric.getExponentialHistogram().getAggregationTemporality())
                        ? 0
                        : metric.getExponentialHistogram().getDataPointsCount();
            default -> 0;
        };
    }

    private static boolean isKnown(AggregationTemporality temporality) {
        return isDelta(temporality) || temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE;
    }

    /** {@return whether all numbers of the data point are in their bounds} */
    static boolean isValid(HistogramDataPoint point) {
        return isCount(point.getCount())
                && Double.isFinite(point.getSum())
                && point.getBucketCountsList().stream().allMatch(OtlpPoints::isCount);
    }

    /** {@return whether all numbers of the data point are in their bounds} */
    static boolean isValid(ExponentialHistogramDataPoint point) {
        return isCount(point.getCount())
                && isCount(point.getZeroCount())
                && Double.isFinite(point.getSum())
                && point.getPositive().getBucketCountsList().stream().allMatch(OtlpPoints::isCount);
    }

    /** A field holds at most 2^53 - 1; a count of 2^63 or more is negative here. */
    private static boolean isCount(long count) {
        return count >= 0 && count <= NodeSnapshot.MAX_VALUE;
    }
}
