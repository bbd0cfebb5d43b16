// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How far a field's value can be trusted; a field that a node says nothing of is exact. */
public enum Quality {
    /** What the field's definition says. */
    EXACT,
    /** Counts almost the same thing: a few kinds of events more or less. */
    CLOSE,
    /** The true value is at most this, or is known up to a bucket. */
    BOUND,
    /** The source does not tell; the value is 0. */
    UNAVAILABLE,
    /** The source has fallen silent; the value is the last that it told. */
    OLD;

    /** In lower case, as on the wire. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The mark with that label.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Quality of(String label) {
        for (Quality quality : values()) {
            if (quality.label().equals(label)) {
                return quality;
            }
        }
        throw new IllegalArgumentException("quality: " + label + " (expected: one of "
                + Arrays.stream(values()).map(Quality::label).collect(Collectors.joining(", ")) + ")");
    }
}
