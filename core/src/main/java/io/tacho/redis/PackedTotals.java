// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.tacho.model.NodeTotals;
import io.tacho.model.NodeTotals.ProcessTotals;
import io.tacho.model.TotalField;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Totals of a process as one text: the totals in their order, and the process, separated by spaces. */
final class PackedTotals {

    private PackedTotals() {}

    /** {@return the text; empty for none} */
    static String write(@Nullable ProcessTotals totals) {
        return totals == null
                ? ""
                : Stream.concat(
                                TotalField.ALL.stream().map(total -> Long.toString(total.of(totals.totals()))),
                                Stream.of(totals.process()))
                        .collect(Collectors.joining(" "));
    }

    /** {@return the totals; null for none, and for a text that is not of this form} */
    static @Nullable ProcessTotals read(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != TotalField.ALL.size() + 1) {
            return null;
        }
        try {
            Iterator<String> numbers = Arrays.asList(parts).iterator();
            NodeTotals totals = NodeTotals.of(total -> Long.parseLong(numbers.next()));
            return new ProcessTotals(numbers.next(), totals);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
