// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.http.TestServer;
import io.tacho.model.period.Period;
import io.tacho.model.period.Tier;
import io.tacho.testing.Summaries;
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
    void history_inUnitsOfTheCalendar() throws Exception {
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
    void history_asLinesOfJson() throws Exception {
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/history?unit=year|unit: 'year' (expected: minute, hour, day, week, month)",
                "/history?unit=day&step=60|unit: given together with step (expected: one of them)",
                "/history?unit=hour&from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z|from: 52608 hours before to (expected: at most 4000)",
                "/usage?unit=hour|unit: 'hour' (expected: day, week, month)",
                "/usage?nodes=0|nodes: 0 (expected: 1 or more)",
            })
    void invalidParameter(String path, String message) throws Exception {
        HttpResponse<String> response = get(path, "*/*");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(response.body()).at("/error/message").asText()).isEqualTo(message);
    }
}
