// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Locale;

/** The quality of a field's value. */
public enum Quality {
    /** The value conforms to the field's definition. */
    EXACT,
    /** The value counts almost the same events as the field's definition. */
    CLOSE,
    /** The value is an upper bound, or accurate to a histogram bucket. */
    BOUND,
    /** The source has no such value; the field is 0. */
    UNAVAILABLE,
    /** The value is stale: the source stopped reporting, and this is the last value that it reported. */
    STALE,
    /** Not exact, in a way that a newer version has a name for and this version does not. */
    UNKNOWN;

    /** {@return the name in lower case, as on the wire} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the quality with that label, {@link #UNKNOWN} if there is none} */
    public static Quality of(String label) {
        for (Quality quality : values()) {
            if (quality.label().equals(label)) {
                return quality;
            }
        }
        return UNKNOWN;
    }
}
