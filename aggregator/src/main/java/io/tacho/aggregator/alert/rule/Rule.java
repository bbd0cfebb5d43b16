// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

/** A named condition; while it is violated, alerts are firing. {@code rule few nodes < 3} fires while there are 2 nodes. */
public record Rule(String name, Condition condition) {

    /** Returns the rule as a line of an alert file. */
    @Override
    public String toString() {
        return "rule " + name + "  " + condition;
    }
}
