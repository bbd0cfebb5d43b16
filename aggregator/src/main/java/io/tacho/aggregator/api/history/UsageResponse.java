// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api.history;

import io.tacho.aggregator.api.ApiJson;
import io.tacho.aggregator.api.QueryParameters;
import io.tacho.aggregator.history.HistoryField;
import io.tacho.aggregator.period.PeriodHistory;
import io.tacho.aggregator.period.PeriodRow;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The usage of the cluster for reports: for each day, week or month the peak of clients, the distinct users, messages, bytes, and the
 * availability, which is the share of the time that has passed in which all expected nodes were there.
 *
 * <p>Thread safety: safe.
 */
public final class UsageResponse {

    private static final List<HistoryField> FIELDS = List.of(
            HistoryField.NUM_CLIENTS_PEAK,
            HistoryField.NUM_CLIENTS_PEAK_TIME,
            HistoryField.NUM_CLIENTS,
            HistoryField.NUM_UNIQUE_CLIENTS_LOWER,
            HistoryField.NUM_UNIQUE_CLIENTS,
            HistoryField.NUM_UNIQUE_CLIENTS_UPPER,
            HistoryField.NUM_MSG_PUBLISHED,
            HistoryField.NUM_MSG_SENT,
            HistoryField.BYTES_CLIENT_IN,
            HistoryField.BYTES_CLIENT_OUT,
            HistoryField.TIME_CLIENT_P99);

    private static final double MILLION = 1_000_000;

    private final PeriodHistory history;
    private final InstantSource clock;

    /** Creates the response of an aggregator. */
    public UsageResponse(PeriodHistory history, InstantSource clock) {
        this.history = history;
        this.clock = clock;
    }

    /**
     * Parses the parameters of a query.
     *
     * @throws IllegalArgumentException naming the invalid parameter, the found and the expected value
     */
    public UsageQuery query(QueryParameters parameters) {
        return UsageQuery.of(parameters, clock.instant().getEpochSecond());
    }

    /** Returns the body; completed exceptionally as {@link PeriodHistory#read} is. */
    public CompletionStage<byte[]> body(UsageQuery query, TableFormat format) {
        UnitSpan span = query.span();
        return history.read(span.unit(), span.fromSeconds(), span.toSeconds())
                .thenApply(rows -> write(query, rows, format));
    }

    private byte[] write(UsageQuery query, List<PeriodRow> rows, TableFormat format) {
        long now = clock.instant().getEpochSecond();
        HistoryTable table = new HistoryTable(
                history.calendar().zone(),
                Stream.concat(FIELDS.stream().map(HistoryField::wireName), Stream.of("availability"))
                        .toList());
        for (PeriodRow row : rows) {
            List<@Nullable Number> values = new ArrayList<>();
            FIELDS.forEach(field -> values.add(row.step().get(field)));
            values.add(Math.floor(MILLION * row.availability(query.nodes(), now)) / MILLION);
            table.add(row.startSeconds(), row.endSeconds(), values);
        }
        return switch (format) {
            case CSV -> table.csv();
            case NDJSON -> table.ndjson();
            case JSON -> json(query, table);
        };
    }

    private byte[] json(UsageQuery query, HistoryTable table) {
        return ApiJson.write(16 * 1024, json -> {
            json.writeStartObject();
            json.writeStringField("unit", query.span().unit().label());
            json.writeStringField("zone", history.calendar().zone().getId());
            json.writeNumberField("nodes", query.nodes());
            json.writeFieldName("rows");
            table.writeRows(json);
            json.writeEndObject();
        });
    }
}
