// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

/** A named fault condition: {@code rule few nodes < 3} is violated, and its alert fires, while there are 2 nodes. */
public record Rule(String name, Condition condition) {

    /** Returns the rule as a line of an alert file. */
    @Override
    public String toString() {
        return "rule " + name + "  " + condition;
    }
}
