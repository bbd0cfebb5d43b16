// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.api.ApiJson;
import io.tacho.aggregator.api.QueryParameters;
import io.tacho.aggregator.period.InMemoryPeriods;
import io.tacho.aggregator.period.PeriodHistory;
import io.tacho.aggregator.period.PeriodUnit;
import io.tacho.model.period.PeriodCalendar;
import io.tacho.model.period.Tier;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.Summaries;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the history and usage tables as CSV, JSON lines and JSON array. */
class HistoryTableTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ManualScheduler scheduler = new ManualScheduler(Instant.parse("2026-03-30T12:00:00Z"));
    private final InMemoryPeriods store = new InMemoryPeriods();
    private final PeriodCalendar berlin = new PeriodCalendar(ZoneId.of("Europe/Berlin"));
    private final PeriodHistory history = new PeriodHistory(store, berlin, scheduler, scheduler);
    private final UsageResponse usage = new UsageResponse(history, scheduler);

    private static HistoryTable table(ZoneId zone) {
        HistoryTable table = new HistoryTable(zone, List.of("a", "b"));
        table.add(1_774_738_800, 1_774_821_600, Arrays.asList(7L, null));
        table.add(1_774_821_600, 1_774_908_000, Arrays.asList(null, 0.25));
        return table;
    }

    @Test
    void csv_hasAHeader_timesOfTheZone_andEmptyCellsForGaps() {
        assertThat(table(ZoneId.of("Europe/Berlin")).csv())
                .as("summer time starts on the first day")
                .asString()
                .isEqualTo("start,end,a,b\r\n"
                        + "2026-03-29T00:00:00+01:00,2026-03-30T00:00:00+02:00,7,\r\n"
                        + "2026-03-30T00:00:00+02:00,2026-03-31T00:00:00+02:00,,0.25\r\n");
        assertThat(table(ZoneOffset.UTC).csv())
                .asString()
                .contains("\r\n2026-03-28T23:00:00Z,2026-03-29T22:00:00Z,7,\r\n");
    }

    @Test
    void ndjson_hasAnObjectPerLine_withNullForGaps() {
        assertThat(table(ZoneOffset.UTC).ndjson()).asString().isEqualTo("""
                {"start":1774738800,"end":1774821600,"a":7,"b":null}
                {"start":1774821600,"end":1774908000,"a":null,"b":0.25}
                """);
    }

    @Test
    void tableWithoutRows_isAHeader_nothing_andAnEmptyArray() throws IOException {
        HistoryTable empty = new HistoryTable(ZoneOffset.UTC, List.of("a"));

        assertThat(empty.csv()).asString().isEqualTo("start,end,a\r\n");
        assertThat(empty.ndjson()).isEmpty();
        assertThat(array(empty)).isEmpty();
    }

    private static JsonNode array(HistoryTable table) throws IOException {
        return JSON.readTree(ApiJson.write(1_024, table::writeRows));
    }

    @Test
    void allFormats_haveTheSameRows() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            List<String> columns = List.of("x", "y", "z").subList(0, 1 + random.nextInt(3));
            HistoryTable table = new HistoryTable(ZoneOffset.UTC, columns);
            int rows = random.nextInt(20);
            for (int row = 0; row < rows; row++) {
                Number[] values = new Number[columns.size()];
                Arrays.setAll(values, i -> switch (random.nextInt(3)) {
                    case 0 -> null;
                    case 1 -> random.nextLong() >>> random.nextInt(64);
                    default -> random.nextInt(1_000) / 8.0;
                });
                table.add(60L * row, 60L * row + 60, Arrays.asList(values));
            }

            JsonNode array = array(table);
            String[] objects = new String(table.ndjson(), UTF_8).split("\n", -1);
            String[] lines = new String(table.csv(), UTF_8).split("\r\n", -1);
            assertThat(array).hasSize(rows);
            assertThat(objects).hasSize(rows + 1);
            assertThat(lines).hasSize(rows + 2);
            for (int row = 0; row < rows; row++) {
                assertThat(objects[row]).isEqualTo(array.path(row).toString());
                String[] cells = lines[row + 1].split(",", -1);
                for (int column = 0; column < columns.size(); column++) {
                    String text = array.path(row).path(columns.get(column)).asText();
                    assertThat(cells[2 + column]).isEqualTo(text.equals("null") ? "" : text);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "text/csv | CSV",
                "TEXT/CSV; q=0.5 | CSV",
                "text/html, application/x-ndjson;q=0.9, text/csv | NDJSON",
                "application/json, text/csv | JSON",
                "*/* | JSON",
                "text/csvx | JSON",
                "'' | JSON",
            })
    void format_isTheFirstSupportedTypeOfTheAcceptHeader(String accept, TableFormat format) {
        assertThat(TableFormat.of(accept)).isEqualTo(format);
    }

    private UsageQuery query(String text) {
        return usage.query(QueryParameters.parse(text));
    }

    private byte[] body(UsageQuery query, TableFormat format) {
        CompletableFuture<byte[]> body = usage.body(query, format).toCompletableFuture();
        scheduler.runPending();
        return body.join();
    }

    @Test
    void usage_hasARowPerUnit_withItsAvailability() throws IOException {
        store.put(
                berlin.containing(Tier.DAY, scheduler.instant().getEpochSecond()),
                Summaries.minute(1_774_821_600_000L, 3, 1, 425));
        UsageQuery query = query("unit=day&from=1774738800&to=1774908000&nodes=3");

        JsonNode json = JSON.readTree(body(query, TableFormat.JSON));

        assertThat(json.path("unit").asText()).isEqualTo("day");
        assertThat(json.path("zone").asText()).isEqualTo("Europe/Berlin");
        assertThat(json.path("nodes").asInt()).isEqualTo(3);
        assertThat(json.path("rows"))
                .extracting(row -> row.path("start").asLong())
                .containsExactly(1_774_738_800L, 1_774_821_600L);
        assertThat(json.at("/rows/0/num_clients").isNull()).isTrue();
        assertThat(json.at("/rows/0/availability").asDouble()).isZero();
        assertThat(json.at("/rows/1/availability").asDouble())
                .as("a minute of 14 hours, rounded down to millionths")
                .isEqualTo(0.00119);
        assertThat(body(query, TableFormat.CSV))
                .asString()
                .startsWith("start,end,num_clients_peak,num_clients_peak_time,num_clients,")
                .endsWith(",0.00119\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nodes=0 | nodes: 0 (expected: 1 or more)",
                "unit=hour | unit: ",
                "unit=year | unit: ",
                "step=60 | step",
                "from=5&to=4 | to: ",
            })
    void usage_invalidParameter_isRejected(String parameters, String error) {
        assertThatThrownBy(() -> query(parameters))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(error);
        assertThat(query("").span().unit()).isEqualTo(PeriodUnit.DAY);
    }
}
