// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

/** A rule of the file. */
record Rule(String name, Condition condition) {

    /** As it is written in the file. */
    @Override
    public String toString() {
        return "rule " + name + "  " + condition;
    }
}
