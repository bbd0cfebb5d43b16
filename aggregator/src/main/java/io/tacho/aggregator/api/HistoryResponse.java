// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tacho.aggregator.history.HistoryField;
import io.tacho.aggregator.history.HistoryResult;
import io.tacho.aggregator.history.HistoryService;
import io.tacho.aggregator.history.HistoryStep;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The cluster's numbers over time, in columns of equal length; the same at every aggregator.
 *
 * <p>Thread safety: safe.
 */
public final class HistoryResponse {

    private final HistoryService history;
    private final InstantSource clock;

    public HistoryResponse(HistoryService history, InstantSource clock) {
        this.history = history;
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

    /** Returns the body, UTF-8 JSON; completed exceptionally with a RejectedExecutionException if too many wait for theirs. */
    public CompletionStage<byte[]> body(HistoryQuery query) {
        return history.read(query.span()).thenApply(result -> write(result, query));
    }

    /** Returns for how long windows may have been missed, milliseconds; 0 while the store responds. */
    public long staleMillis() {
        return history.staleFor().toMillis();
    }

    private static byte[] write(HistoryResult result, HistoryQuery query) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 * 1024);
        try (JsonGenerator json = ApiJson.generator(bytes)) {
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
        } catch (IOException e) {
            // nothing is written anywhere but into memory
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
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
            Long value = step.get(field);
            if (value == null) {
                json.writeNull();
            } else {
                json.writeNumber(value);
            }
        }
        json.writeEndArray();
    }
}
