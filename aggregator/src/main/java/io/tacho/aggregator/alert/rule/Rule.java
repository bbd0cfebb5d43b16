// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

/** A named condition that raises alerts while it is violated. */
public record Rule(String name, Condition condition) {

    /** Returns the rule as a line of an alert file. */
    @Override
    public String toString() {
        return "rule " + name + "  " + condition;
    }
}
