// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import io.tacho.aggregator.history.HistoryField;
import io.tacho.aggregator.history.HistorySpan;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A query of the history: a time range and fields. */
public final class HistoryQuery {

    private static final Set<String> PARAMETERS = Set.of("from", "to", "step", "fields");
    private static final long USUAL_SECONDS = 3_600;

    private final HistorySpan span;
    private final Set<HistoryField> fields;

    /**
     * A query with these parameters.
     *
     * @throws IllegalArgumentException naming the invalid parameter, the found and the expected value
     */
    public HistoryQuery(QueryParameters query, long nowSeconds) {
        query.requireKnown(PARAMETERS);
        String until = query.single("to");
        String since = query.single("from");
        String length = query.single("step");
        long to = until == null ? nowSeconds : TimeText.instant("to", until, nowSeconds);
        long from = since == null ? Math.max(0, to - USUAL_SECONDS) : TimeText.instant("from", since, nowSeconds);
        span = new HistorySpan(from, to, length == null ? 0 : TimeText.length("step", length));
        fields = fields(query.single("fields"));
    }

    private static Set<HistoryField> fields(@Nullable String list) {
        if (list == null) {
            return EnumSet.allOf(HistoryField.class);
        }
        Set<HistoryField> fields = EnumSet.noneOf(HistoryField.class);
        for (String key : list.split(",", -1)) {
            HistoryField field = HistoryField.of(key);
            if (field == null) {
                throw new IllegalArgumentException("fields: '" + QueryParameters.shown(key) + "' (expected: one of "
                        + String.join(", ", HistoryField.wireNames()) + ")");
            }
            fields.add(field);
        }
        return fields;
    }

    HistorySpan span() {
        return span;
    }

    Set<HistoryField> fields() {
        return fields;
    }
}
