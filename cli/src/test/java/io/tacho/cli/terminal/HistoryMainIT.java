// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.tacho.cli.program.Program;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryMainIT {

    private static final String DAYS =
            "{\"from\":1774566000,\"to\":1774735200,\"unit\":\"day\",\"zone\":\"Europe/Berlin\","
                    + "\"times\":[1774566000,1774652400],\"fields\":{\"num_clients\":[null,330],\"num_msg_sent\":[0,1234567]}}";

    private final List<String> requests = new ArrayList<>();
    private HttpServer server;
    private int status = 200;
    private String body = DAYS;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Accept"));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String run(String... arguments) {
        StringWriter output = new StringWriter();
        Program.commandLine(new HistoryMain(), Map.of())
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(output, true))
                .execute(Stream.concat(
                                Stream.of(
                                        "--url",
                                        "http://127.0.0.1:"
                                                + server.getAddress().getPort()),
                                Stream.of(arguments))
                        .toArray(String[]::new));
        return output.toString();
    }

    @Test
    void table_hasARowPerUnitInTheAggregatorsTimeZone() throws Exception {
        assertThat(HistoryMain.table(new ObjectMapper().readTree(DAYS)))
                .containsExactly(
                        "time              num_clients  num_msg_sent",
                        "2026-03-27 00:00            -             0",
                        "2026-03-28 00:00          330       1234567");
    }

    @Test
    void request_hasTheOptions() {
        run("--unit", "month", "--from", "2026-01-01T00:00:00+01:00", "--fields", "nodes,num_clients");

        assertThat(requests.get(0))
                .startsWith("/history?unit=month&from=2026-01-01T00%3A00%3A00%2B01%3A00&fields=nodes%2Cnum_clients ");
    }

    @Test
    void csv_isTheUnchangedResponse() {
        body = "start,end,nodes\r\n";

        assertThat(run("--csv", "--fields", "all")).isEqualTo("start,end,nodes\r\n");
        assertThat(requests).containsExactly("/history?unit=day text/csv");
    }

    @Test
    void json_isTheUnchangedResponse() {
        assertThat(run("--json").trim()).isEqualTo(DAYS);
        assertThat(run("--json", "--csv"))
                .startsWith("tacho history: json: given together with csv (expected: one of them)");
    }

    @Test
    void rejection_isPrinted() {
        status = 400;
        body = "{\"error\":{\"code\":400,\"message\":\"unit: 'year' (expected: minute, hour, day, week, month)\"}}";

        assertThat(run("--unit", "year"))
                .startsWith("tacho history: unit: 'year' (expected: minute, hour, day, week, month)");
        assertThat(run("--unit", "year", "--csv"))
                .startsWith("tacho history: unit: 'year' (expected: minute, hour, day, week, month)");
    }
}
