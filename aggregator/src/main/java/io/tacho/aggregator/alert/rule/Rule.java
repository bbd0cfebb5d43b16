// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

/**
 * A named fault condition: {@code rule few nodes < 3} is violated, and its alert fires, while there are 2 nodes.
 *
 * @param severity a label of the rule's alerts, by which receivers route them
 */
public record Rule(String name, Condition condition, String severity) {

    /** The severity of a rule that states none. */
    public static final String DEFAULT_SEVERITY = "warning";

    /** Returns the rule as a line of an alert file. */
    @Override
    public String toString() {
        return "rule " + name + "  " + condition
                + (severity.equals(DEFAULT_SEVERITY) ? "" : " " + RuleParser.SEVERITY + severity);
    }
}
