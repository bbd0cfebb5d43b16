// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

/**
 * A comparison of a node's value with a multiple of the median of its peers: {@code > 3x median}.
 *
 * @param factor above 1 for the operators {@code >} and {@code >=}, else below 1
 * @param text the comparison as written in the file
 */
public record MedianFactor(Threshold.Operator operator, double factor, String text) {

    /** Returns true if the comparison is true for a value: the rule is violated. */
    public boolean isViolatedBy(long value, double median) {
        double limit = factor * median;
        // of peers that do nothing there is no multiple
        return median > 0
                && switch (operator) {
                    case GREATER -> value > limit;
                    case GREATER_OR_EQUAL -> value >= limit;
                    case LESS -> value < limit;
                    case LESS_OR_EQUAL -> value <= limit;
                };
    }
}
