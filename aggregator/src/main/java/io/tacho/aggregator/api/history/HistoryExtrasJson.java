// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api.history;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tacho.aggregator.history.HistoryStep;
import io.tacho.aggregator.history.StepExtra;
import io.tacho.model.Extras;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Writes the extra values of a history as JSON, in columns. */
final class HistoryExtrasJson {

    private HistoryExtrasJson() {}

    /**
     * Writes the member {@code extras}, at most {@link Extras.Merged#MAX_NAMES} names in their order; nothing if there are none. A
     * step in which the value has another kind or rule than in the last one has no number.
     */
    static void write(JsonGenerator json, List<HistoryStep> steps, Predicate<String> requested) throws IOException {
        Map<String, StepExtra> last = new TreeMap<>();
        for (HistoryStep step : steps) {
            step.extras().forEach((name, extra) -> {
                if (requested.test(name)) {
                    last.put(name, extra);
                }
            });
        }
        if (last.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("extras");
        int names = 0;
        for (Map.Entry<String, StepExtra> entry : last.entrySet()) {
            if (names++ == Extras.Merged.MAX_NAMES) {
                break;
            }
            StepExtra like = entry.getValue();
            json.writeObjectFieldStart(entry.getKey());
            json.writeStringField("kind", like.kind());
            json.writeStringField("rule", like.rule());
            for (int column = 0; column < like.columns().size(); column++) {
                json.writeArrayFieldStart(like.columns().get(column));
                for (HistoryStep step : steps) {
                    write(json, number(step.extras().get(entry.getKey()), like, column));
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static @Nullable Long number(@Nullable StepExtra extra, StepExtra like, int column) {
        return extra != null && extra.kind().equals(like.kind()) && extra.rule().equals(like.rule())
                ? extra.numbers().get(column)
                : null;
    }

    private static void write(JsonGenerator json, @Nullable Long number) throws IOException {
        if (number == null) {
            json.writeNull();
        } else {
            json.writeNumber(number);
        }
    }
}
