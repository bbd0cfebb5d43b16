// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.units.Quantity;

/** What the fields of rules measure. */
final class Amount {

    private Amount() {}

    /** {@return what the values of a field measure} */
    static Quantity of(String field) {
        if (field.startsWith("time_")) {
            return Quantity.DURATION;
        }
        if (field.startsWith("bytes_") || field.equals("memory_sys")) {
            return Quantity.BYTES;
        }
        return field.equals("cpu_usage") ? Quantity.PERCENT : Quantity.COUNT;
    }
}
