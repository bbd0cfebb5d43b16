// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Locale;

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
    OLD,
    /** Less than exact, in a way that a later version has a word for and this one has not. */
    UNKNOWN;

    /** In lower case, as on the wire. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The mark with that label; {@link #UNKNOWN} if there is none. */
    public static Quality of(String label) {
        for (Quality quality : values()) {
            if (quality.label().equals(label)) {
                return quality;
            }
        }
        return UNKNOWN;
    }
}
