// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import io.tacho.model.Field;
import io.tacho.units.Quantity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A comparison with a limit that describes a fault: {@code > 500ms} is violated by 600 ms.
 *
 * @param limit in the unit of the compared values, e.g. nanoseconds
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

    /** Returns the quantity (count, duration, bytes or percent) that parses and formats limits for values of a unit. */
    public static Quantity quantityOf(Field.Unit unit) {
        return switch (unit) {
            case NANOSECONDS -> Quantity.DURATION;
            case BYTES -> Quantity.BYTES;
            case PERCENT -> Quantity.PERCENT;
            default -> Quantity.COUNT;
        };
    }

    /** Returns true if the comparison is true for the value: the rule is violated and its alert fires. */
    public boolean isViolatedBy(long value) {
        return switch (operator) {
            case GREATER -> value > limit;
            case GREATER_OR_EQUAL -> value >= limit;
            case LESS -> value < limit;
            case LESS_OR_EQUAL -> value <= limit;
        };
    }
}
