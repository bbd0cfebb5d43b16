// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tacho.aggregator.api.ApiJson;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of numbers, each of a part of time. In CSV times are ISO-8601 in the calendar's time zone, in JSON UNIX seconds. A number
 * that is missing is empty in CSV and {@code null} in JSON.
 */
final class HistoryTable {

    private record Row(long startSeconds, long endSeconds, List<@Nullable Number> values) {}

    private final ZoneId zone;
    private final List<String> columns;
    private final List<Row> rows = new ArrayList<>();

    HistoryTable(ZoneId zone, List<String> columns) {
        this.zone = zone;
        this.columns = columns;
    }

    /** Adds a row with one value for each column. */
    void add(long startSeconds, long endSeconds, List<@Nullable Number> values) {
        rows.add(new Row(startSeconds, endSeconds, values));
    }

    /** {@return the rows as CSV with a header} */
    byte[] csv() {
        StringBuilder csv = new StringBuilder("start,end");
        columns.forEach(column -> csv.append(',').append(column));
        csv.append("\r\n");
        for (Row row : rows) {
            csv.append(iso(row.startSeconds())).append(',').append(iso(row.endSeconds()));
            for (Number value : row.values()) {
                csv.append(',').append(value == null ? "" : value.toString());
            }
            csv.append("\r\n");
        }
        return csv.toString().getBytes(UTF_8);
    }

    private String iso(long seconds) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                Instant.ofEpochSecond(seconds).atZone(zone));
    }

    /** {@return an object per row, each in a line} */
    byte[] ndjson() {
        return ApiJson.write(16 * 1024, json -> {
            json.setRootValueSeparator(null);
            for (Row row : rows) {
                write(json, row);
                json.writeRaw('\n');
            }
        });
    }

    /** Writes an array with an object per row. */
    void writeRows(JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (Row row : rows) {
            write(json, row);
        }
        json.writeEndArray();
    }

    private void write(JsonGenerator json, Row row) throws IOException {
        json.writeStartObject();
        json.writeNumberField("start", row.startSeconds());
        json.writeNumberField("end", row.endSeconds());
        for (int i = 0; i < columns.size(); i++) {
            json.writeFieldName(columns.get(i));
            writeNumber(json, row.values().get(i));
        }
        json.writeEndObject();
    }

    static void writeNumber(JsonGenerator json, @Nullable Number value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Double real) {
            json.writeNumber(real);
        } else {
            json.writeNumber(value.longValue());
        }
    }
}
