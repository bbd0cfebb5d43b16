// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api.history;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tacho.aggregator.api.ApiJson;
import io.tacho.aggregator.api.QueryParameters;
import io.tacho.aggregator.history.HistoryField;
import io.tacho.aggregator.history.HistoryResult;
import io.tacho.aggregator.history.HistoryService;
import io.tacho.aggregator.history.HistoryStep;
import io.tacho.aggregator.period.PeriodHistory;
import io.tacho.aggregator.period.PeriodRow;
import io.tacho.model.period.PeriodSummary;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's numbers over time, in columns of equal length; the same at every aggregator.
 *
 * <p>Thread safety: safe.
 */
public final class HistoryResponse {

    private final HistoryService history;
    private final PeriodHistory periods;
    private final InstantSource clock;

    /** Creates the response of an aggregator. */
    public HistoryResponse(HistoryService history, PeriodHistory periods, InstantSource clock) {
        this.history = history;
        this.periods = periods;
        this.clock = clock;
    }

    /**
     * Parses the parameters of a query.
     *
     * @throws IllegalArgumentException naming the invalid parameter, the found and the expected value
     */
    public HistoryQuery query(QueryParameters parameters) {
        return new HistoryQuery(parameters, clock.instant().getEpochSecond());
    }

    /** Returns the body; completed exceptionally with a RejectedExecutionException if too many wait for theirs. */
    public CompletionStage<byte[]> body(HistoryQuery query, TableFormat format) {
        UnitSpan units = query.units();
        if (units != null) {
            return periods.read(units.unit(), units.fromSeconds(), units.toSeconds())
                    .thenApply(rows ->
                            format == TableFormat.JSON ? writeUnits(rows, units, query) : write(rows, query, format));
        }
        return history.read(query.span())
                .thenApply(result ->
                        format == TableFormat.JSON ? write(result, query) : write(rows(result), query, format));
    }

    private static List<PeriodRow> rows(HistoryResult result) {
        List<PeriodRow> rows = new ArrayList<>();
        long start = result.firstSeconds();
        for (HistoryStep step : result.steps()) {
            rows.add(new PeriodRow(start, start + result.stepSeconds(), step, PeriodSummary.EMPTY));
            start += result.stepSeconds();
        }
        return rows;
    }

    private byte[] write(List<PeriodRow> rows, HistoryQuery query, TableFormat format) {
        HistoryTable table = new HistoryTable(
                periods.calendar().zone(),
                query.fields().stream().map(HistoryField::wireName).toList());
        for (PeriodRow row : rows) {
            List<@Nullable Number> values = new ArrayList<>();
            query.fields().forEach(field -> values.add(row.step().get(field)));
            table.add(row.startSeconds(), row.endSeconds(), values);
        }
        return format == TableFormat.CSV ? table.csv() : table.ndjson();
    }

    private byte[] writeUnits(List<PeriodRow> rows, UnitSpan units, HistoryQuery query) {
        return ApiJson.write(16 * 1024, json -> {
            json.writeStartObject();
            json.writeNumberField("from", rows.get(0).startSeconds());
            json.writeNumberField("to", rows.get(rows.size() - 1).endSeconds());
            json.writeStringField("unit", units.unit().label());
            json.writeStringField("zone", periods.calendar().zone().getId());
            json.writeArrayFieldStart("times");
            for (PeriodRow row : rows) {
                json.writeNumber(row.startSeconds());
            }
            json.writeEndArray();
            json.writeObjectFieldStart("fields");
            List<HistoryStep> steps = rows.stream().map(PeriodRow::step).toList();
            for (HistoryField field : query.fields()) {
                writeColumn(json, field, steps);
            }
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    /** Returns for how long windows may have been missed, milliseconds; 0 while the store responds. */
    public long staleMillis() {
        return history.staleFor().toMillis();
    }

    private static byte[] write(HistoryResult result, HistoryQuery query) {
        return ApiJson.write(16 * 1024, json -> {
            List<HistoryStep> steps = result.steps();
            json.writeStartObject();
            json.writeNumberField("from", result.firstSeconds());
            json.writeNumberField("to", result.firstSeconds() + steps.size() * result.stepSeconds());
            json.writeNumberField("step", result.stepSeconds());
            writeCounts(json, "windows", result.windows());
            writeCounts(json, "left_out", result.leftOut());
            writeCounts(json, "bridged", result.bridged());
            json.writeArrayFieldStart("times");
            for (int i = 0; i < steps.size(); i++) {
                json.writeNumber(result.firstSeconds() + i * result.stepSeconds());
            }
            json.writeEndArray();
            json.writeObjectFieldStart("fields");
            for (HistoryField field : query.fields()) {
                writeColumn(json, field, steps);
            }
            json.writeEndObject();
            HistoryExtrasJson.write(json, steps, query::hasExtra);
            if (result.extrasLeftOut() > 0) {
                json.writeNumberField("extras_left_out", result.extrasLeftOut());
            }
            json.writeEndObject();
        });
    }

    private static void writeCounts(JsonGenerator json, String name, Map<Long, Long> byInterval) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<Long, Long> entry : byInterval.entrySet()) {
            json.writeNumberField(entry.getKey().toString(), entry.getValue());
        }
        json.writeEndObject();
    }

    private static void writeColumn(JsonGenerator json, HistoryField field, List<HistoryStep> steps)
            throws IOException {
        json.writeArrayFieldStart(field.wireName());
        for (HistoryStep step : steps) {
            HistoryTable.writeNumber(json, step.get(field));
        }
        json.writeEndArray();
    }
}
