// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import java.util.Map;

/**
 * What a number must not be.
 *
 * @param text as it stands in the file, e.g. {@code > 500ms}
 */
record Bound(Sign sign, long limit, String text) {

    /** How a number is compared. */
    enum Sign {
        ABOVE,
        AT_LEAST,
        BELOW,
        AT_MOST
    }

    static final Map<String, Sign> SIGNS =
            Map.of(">", Sign.ABOVE, ">=", Sign.AT_LEAST, "<", Sign.BELOW, "<=", Sign.AT_MOST);

    /** Whether the number is what it must not be. */
    boolean isBrokenBy(long value) {
        return switch (sign) {
            case ABOVE -> value > limit;
            case AT_LEAST -> value >= limit;
            case BELOW -> value < limit;
            case AT_MOST -> value <= limit;
        };
    }
}
