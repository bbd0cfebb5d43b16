// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

/**
 * A change of a value by more than a percentage within several windows: {@code falls > 30% within 5 windows}.
 *
 * @param direction whether the value has to rise or to fall
 * @param percent of the smallest or largest value of the windows before
 * @param windows the number of windows before the last one
 */
public record Change(Direction direction, long percent, int windows) {

    /** The direction of a change. */
    public enum Direction {
        RISES,
        FALLS
    }

    /** {@return the change as written in the file} */
    public String text() {
        return (direction == Direction.RISES ? "rises" : "falls") + " > " + percent + "% within " + windows
                + (windows == 1 ? " window" : " windows");
    }
}
