// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import io.tacho.model.Field;
import io.tacho.units.Quantity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A limit and the direction in which a value violates it: {@code > 500ms} is violated by 600 ms.
 *
 * @param text the comparison as written in the file, e.g. {@code > 500ms}
 */
public record Threshold(Operator operator, long limit, String text) {

    /** A comparison operator. */
    public enum Operator {
        GREATER,
        GREATER_OR_EQUAL,
        LESS,
        LESS_OR_EQUAL;

        private static final Map<String, Operator> BY_SYMBOL =
                Map.of(">", GREATER, ">=", GREATER_OR_EQUAL, "<", LESS, "<=", LESS_OR_EQUAL);

        /** {@return the operator of a symbol, or null if there is none} */
        static @Nullable Operator ofSymbol(String symbol) {
            return BY_SYMBOL.get(symbol);
        }
    }

    /** Returns the quantity that thresholds for values of a unit are written in. */
    public static Quantity quantity(Field.Unit unit) {
        return switch (unit) {
            case NANOSECONDS -> Quantity.DURATION;
            case BYTES -> Quantity.BYTES;
            case PERCENT -> Quantity.PERCENT;
            default -> Quantity.COUNT;
        };
    }

    /** Returns true if the value violates the rule, i.e. if the comparison is true. */
    public boolean isViolatedBy(long value) {
        return switch (operator) {
            case GREATER -> value > limit;
            case GREATER_OR_EQUAL -> value >= limit;
            case LESS -> value < limit;
            case LESS_OR_EQUAL -> value <= limit;
        };
    }
}
