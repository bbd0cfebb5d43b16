// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api.history;

import io.tacho.aggregator.api.ApiJson;
import io.tacho.aggregator.api.QueryParameters;
import io.tacho.aggregator.history.HistoryField;
import io.tacho.aggregator.history.HistoryService;
import io.tacho.aggregator.history.HistorySpan;
import io.tacho.aggregator.history.HistoryStep;
import io.tacho.aggregator.period.PeriodHistory;
import io.tacho.aggregator.period.PeriodRow;
import io.tacho.aggregator.period.PeriodUnit;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The cluster at a past time: the most precise that is stored of it, which is a window, an hour, a day or a month.
 *
 * <p>Thread safety: safe.
 */
public final class PastClusterResponse {

    /** Windows of which the last one contains the time. */
    private static final long SECONDS_BEFORE = 600;

    private static final long MINUTE = 60;

    private static final List<PeriodUnit> UNITS = List.of(PeriodUnit.HOUR, PeriodUnit.DAY, PeriodUnit.MONTH);

    private final HistoryService history;
    private final PeriodHistory periods;
    private final InstantSource clock;

    /** Creates the response of an aggregator. */
    public PastClusterResponse(HistoryService history, PeriodHistory periods, InstantSource clock) {
        this.history = history;
        this.periods = periods;
        this.clock = clock;
    }

    /**
     * Parses the parameter {@code at}, UNIX seconds.
     *
     * @throws IllegalArgumentException naming the parameter, the found and the expected value
     */
    public long at(String text) {
        long now = clock.instant().getEpochSecond();
        long at = QueryParameters.instant("at", text, now);
        if (at > now) {
            throw new IllegalArgumentException("at: " + at + " (expected: not after now, " + now + ")");
        }
        return at;
    }

    /** Returns the body; empty if nothing is stored of that time. Completed exceptionally as {@link PeriodHistory#read} is. */
    public CompletionStage<Optional<byte[]>> body(long at) {
        return history.read(new HistorySpan(Math.max(0, at - SECONDS_BEFORE), at + 1, MINUTE))
                .thenCompose(result -> {
                    int last = result.steps().size() - 1;
                    HistoryStep step = result.steps().get(last);
                    if (step == HistoryStep.GAP) {
                        return coarser(at, 0);
                    }
                    long from = result.firstSeconds() + last * result.stepSeconds();
                    return CompletableFuture.completedFuture(
                            Optional.of(write(at, "window", from, from + result.stepSeconds(), step)));
                });
    }

    private CompletionStage<Optional<byte[]>> coarser(long at, int index) {
        if (index == UNITS.size() || at < UnitSpan.EARLIEST) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        PeriodUnit unit = UNITS.get(index);
        return periods.read(unit, at, at + 1).thenCompose(rows -> {
            PeriodRow row = rows.get(0);
            return row.step() == HistoryStep.GAP
                    ? coarser(at, index + 1)
                    : CompletableFuture.completedFuture(
                            Optional.of(write(at, unit.label(), row.startSeconds(), row.endSeconds(), row.step())));
        });
    }

    private static byte[] write(long at, String source, long from, long to, HistoryStep step) {
        return ApiJson.write(1_024, json -> {
            json.writeStartObject();
            json.writeNumberField("at", at);
            json.writeStringField("source", source);
            json.writeNumberField("from", from);
            json.writeNumberField("to", to);
            json.writeNumberField("precision_seconds", to - from);
            json.writeObjectFieldStart("fields");
            for (HistoryField field : HistoryField.values()) {
                json.writeFieldName(field.wireName());
                HistoryTable.writeNumber(json, step.get(field));
            }
            json.writeEndObject();
            json.writeEndObject();
        });
    }
}
