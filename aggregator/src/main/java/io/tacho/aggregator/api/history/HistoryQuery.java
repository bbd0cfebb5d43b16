// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api.history;

import io.tacho.aggregator.api.QueryParameters;
import io.tacho.aggregator.history.HistoryField;
import io.tacho.aggregator.history.HistorySpan;
import io.tacho.text.Glob;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A query of the history: a time range, fields and extra values. */
public final class HistoryQuery {

    private static final Set<String> PARAMETERS = Set.of("from", "to", "step", "unit", "fields", "extras");
    private static final long USUAL_SECONDS = 3_600;

    private static final String MINUTE = "minute";
    private static final long MINUTE_SECONDS = 60;

    private final HistorySpan span;
    private final @Nullable UnitSpan units;
    private final Set<HistoryField> fields;
    private final List<Glob> extras;

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
        long to = until == null ? nowSeconds : QueryParameters.instant("to", until, nowSeconds);
        long from =
                since == null ? Math.max(0, to - USUAL_SECONDS) : QueryParameters.instant("from", since, nowSeconds);
        String unit = query.single("unit");
        if (unit != null && length != null) {
            throw new IllegalArgumentException("unit: given together with step (expected: one of them)");
        }
        long step = length != null ? QueryParameters.length("step", length) : MINUTE.equals(unit) ? MINUTE_SECONDS : 0;
        span = new HistorySpan(from, to, step);
        units = unit == null || unit.equals(MINUTE)
                ? null
                : UnitSpan.of(query, UnitSpan.unit(unit, UnitSpan.all(), MINUTE), nowSeconds);
        String only = query.single("fields");
        fields = fields(only);
        List<String> names = query.all("extras");
        extras = (names.isEmpty() && only == null ? List.of("*") : names)
                .stream().map(Glob::new).toList();
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

    /** {@return the span in hours, days, weeks or months; null for steps of equal length} */
    @Nullable
    UnitSpan units() {
        return units;
    }

    Set<HistoryField> fields() {
        return fields;
    }

    /** {@return whether the extra value with that name is requested} */
    boolean hasExtra(String name) {
        return extras.stream().anyMatch(glob -> glob.matches(name));
    }
}
