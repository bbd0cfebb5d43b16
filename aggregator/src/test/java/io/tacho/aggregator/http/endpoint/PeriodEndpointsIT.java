// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.http.TestServer;
import io.tacho.model.period.Period;
import io.tacho.model.period.Tier;
import io.tacho.testing.Summaries;
import io.tacho.testing.Windows;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeriodEndpointsIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long DAY = Instant.parse("2026-03-28T00:00:00Z").getEpochSecond();
    private static final String SPAN = "from=2026-03-27T12:00:00Z&to=2026-03-28T12:00:00Z";

    private final HttpClient http = HttpClient.newHttpClient();
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(1, null, 300);
        server.storedPeriods.put(
                new Period(Tier.DAY, DAY, 86_400), Summaries.minute(1_000 * (DAY + 3_600), 3, 10, 425, 500));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> get(String path, String accept) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .header("Accept", accept)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode json(String path) throws Exception {
        return JSON.readTree(get(path, "*/*").body());
    }

    @Test
    void history_calendarUnits() throws Exception {
        JsonNode body = json("/history?unit=day&fields=num_clients,num_clients_peak,num_clients_peak_time&" + SPAN);

        assertThat(body)
                .isEqualTo(JSON.readTree("{\"from\":1774569600,\"to\":1774742400,\"unit\":\"day\",\"zone\":\"UTC\","
                        + "\"times\":[1774569600,1774656000],\"fields\":{\"num_clients\":[null,330],"
                        + "\"num_clients_peak\":[null,330],\"num_clients_peak_time\":[null,1774659600]}}"));
    }

    @Test
    void history_asCsv() throws Exception {
        HttpResponse<String> csv = get("/history?unit=day&fields=nodes,num_msg_sent&" + SPAN, "text/csv, */*;q=0.1");

        assertThat(csv.headers().firstValue("Content-Type")).contains("text/csv");
        assertThat(csv.body()).isEqualTo("""
                start,end,nodes,num_msg_sent\r
                2026-03-27T00:00:00Z,2026-03-28T00:00:00Z,,\r
                2026-03-28T00:00:00Z,2026-03-29T00:00:00Z,3,90\r
                """);
    }

    @Test
    void history_asJsonLines() throws Exception {
        HttpResponse<String> lines = get("/history?unit=day&fields=num_msg_sent&" + SPAN, "application/x-ndjson");

        assertThat(lines.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        assertThat(lines.body()).isEqualTo("""
                {"start":1774569600,"end":1774656000,"num_msg_sent":null}
                {"start":1774656000,"end":1774742400,"num_msg_sent":90}
                """);
    }

    @Test
    void history_ofMinutesAsCsv() throws Exception {
        String csv =
                get("/history?unit=minute&from=-2m&fields=nodes", "text/csv").body();

        assertThat(csv).startsWith("start,end,nodes\r\n").matches("(?s).*T\\d\\d:\\d\\dZ,.*|(?s).*:00Z,.*");
    }

    @Test
    void usage_hasPeaksAndAvailability() throws Exception {
        JsonNode usage = json("/usage?nodes=3&" + SPAN);

        assertThat(usage.path("unit").asText()).isEqualTo("day");
        assertThat(usage.path("rows")).hasSize(2);
        JsonNode row = usage.at("/rows/1");
        assertThat(row.path("num_clients_peak").asInt()).isEqualTo(330);
        assertThat(row.path("bytes_client_out").asInt()).isEqualTo(210);
        assertThat(row.path("availability").asDouble()).as("60 of 86,400 s").isEqualTo(0.000694);
        assertThat(json("/usage?nodes=4&" + SPAN).at("/rows/1/availability").asDouble())
                .isZero();
    }

    @Test
    void times_inJanuary1970_areAcceptedRepeatedly() throws Exception {
        for (int i = 0; i < 110; i++) {
            assertThat(get("/usage?unit=week&from=0&to=86400", "*/*").statusCode())
                    .isEqualTo(200);
        }
        assertThat(get("/cluster?at=0", "*/*").statusCode()).isEqualTo(404);
        assertThat(json("/history?unit=day&fields=nodes&" + SPAN).path("times")).hasSize(2);
    }

    @Test
    void cluster_atAPastTime_usesTheFinestStoredUnit() throws Exception {
        JsonNode day = json("/cluster?at=2026-03-28T13:00:00Z");

        assertThat(day.path("source").asText()).isEqualTo("day");
        assertThat(day.path("from").asLong()).isEqualTo(DAY);
        assertThat(day.path("precision_seconds").asLong()).isEqualTo(86_400);
        assertThat(day.at("/fields/num_clients").asLong()).isEqualTo(330);

        server.storedPeriods.put(
                new Period(Tier.HOUR, DAY + 13 * 3_600, 3_600), Summaries.minute(1_000 * DAY, 1, 1, 425));
        JsonNode hour = json("/cluster?at=2026-03-28T13:00:00Z");
        assertThat(hour.path("source").asText()).isEqualTo("hour");
        assertThat(hour.at("/fields/num_clients").asLong()).isEqualTo(11);
    }

    @Test
    void cluster_atTheTimeOfAWindow_usesTheWindow() throws Exception {
        long minute = System.currentTimeMillis() / 60_000 * 60_000 - 120_000;
        server.transport.publisher().upload(Windows.batch("u0", 0, 1, Windows.minute(minute, 10)));
        server.becomeReady();
        await().untilAsserted(() -> {
            JsonNode cluster = json("/cluster?at=" + (minute / 1_000 + 59));
            assertThat(cluster.path("source").asText()).isEqualTo("window");
            assertThat(cluster.path("from").asLong()).isEqualTo(minute / 1_000);
            assertThat(cluster.path("precision_seconds").asLong()).isEqualTo(60);
            assertThat(cluster.at("/fields/num_clients").asLong()).isEqualTo(110);
        });
    }

    @Test
    void cluster_atATimeWithoutData_returns404() throws Exception {
        assertThat(get("/cluster?at=2020-01-01T00:00:00Z", "*/*").statusCode()).isEqualTo(404);
        assertThat(get("/cluster?at=2200-01-01T00:00:00Z", "*/*").body())
                .contains("at: 7258118400 (expected: not after now, ");
    }

    @Test
    void membership_ofATimeSpan() throws Exception {
        server.becomeReady();
        await().until(() -> json("/membership").path("changes").isArray());

        JsonNode past = json("/membership?from=-1h&to=now");

        assertThat(past.path("to").asLong() - past.path("from").asLong()).isEqualTo(3_600_000);
        assertThat(past.has("stored_from")).isTrue();
        assertThat(past.path("changes").isArray()).isTrue();
        assertThat(get("/membership?since=1", "*/*").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/history?unit=year|unit: 'year' (expected: minute, hour, day, week, month)",
                "/history?unit=day&step=60|unit: given together with step (expected: one of them)",
                "/history?unit=hour&from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z|from: 52608 hours before to (expected: at most 4000)",
                "/usage?unit=hour|unit: 'hour' (expected: day, week, month)",
                "/cluster?at=-1h&by=version|at: given together with by (expected: one of them)",
                "/usage?nodes=0|nodes: 0 (expected: 1 or more)",
            })
    void parameter_invalid_isRejected(String path, String message) throws Exception {
        HttpResponse<String> response = get(path, "*/*");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(response.body()).at("/error/message").asText()).isEqualTo(message);
    }
}
