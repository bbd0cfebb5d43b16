// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.cli.client.ApiClient;
import io.tacho.cli.client.ClientOptions;
import io.tacho.cli.history.HistoryExport;
import io.tacho.cli.history.HistoryImport;
import io.tacho.cli.program.Program;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The history of a cluster for people and pipes, as a program. */
@Command(
        name = "tacho history",
        versionProvider = Program.Version.class,
        subcommands = {HistoryExport.class, HistoryImport.class},
        description = {
            "Prints the cluster over time, as an aggregator has it: a table, JSON or CSV.",
            "'tacho history export FILE' and 'import FILE' copy the long-term history out of Redis and into it."
        },
        footer = {
            "",
            "Every option is also an environment variable: --api-key is TACHO_API_KEY.",
            "Exit status: 0; 1 if the aggregator does not respond or rejects the request; 2 for a wrong option."
        })
public final class HistoryMain implements Callable<Integer> {

    private static final String FIELDS = "nodes,num_clients,num_clients_peak,num_unique_clients,num_msg_published,"
            + "num_msg_sent,bytes_client_out,time_client_p99";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Option(
            names = "--unit",
            paramLabel = "UNIT",
            description = "minute, hour, day, week or month, in the time zone of the aggregator (default: day).")
    private String unit = "day";

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description =
                    "UNIX seconds, 2026-01-31T12:00:00Z, or back from now as -30d (default: depends on the unit).")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "The same (default: now).")
    private @Nullable String to;

    @Option(
            names = "--fields",
            paramLabel = "LIST",
            description = "Fields of /history, separated by commas, or all (default: " + FIELDS + ").")
    private String fields = FIELDS;

    @Option(names = "--json", description = "Print the response of /history.")
    private boolean json;

    @Option(names = "--csv", description = "Print CSV with exact values.")
    private boolean csv;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (json && csv) {
            throw new IllegalArgumentException("json: given together with csv (expected: one of them)");
        }
        PrintWriter out = spec.commandLine().getOut();
        ApiClient api = client.client();
        if (csv) {
            out.print(api.text(path(), "text/csv"));
        } else {
            JsonNode response = api.get(path());
            if (json) {
                out.println(response);
            } else {
                table(response).forEach(out::println);
            }
        }
        out.flush();
        return 0;
    }

    private String path() {
        StringBuilder path = new StringBuilder("/history?unit=").append(encoded(unit));
        if (from != null) {
            path.append("&from=").append(encoded(from));
        }
        if (to != null) {
            path.append("&to=").append(encoded(to));
        }
        if (!fields.equals("all")) {
            path.append("&fields=").append(encoded(fields));
        }
        return path.toString();
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, UTF_8);
    }

    /** Returns the lines of a table: a row per unit, a dash where there is no number. */
    static List<String> table(JsonNode history) {
        ZoneId zone = ZoneId.of(history.path("zone").asText("UTC"));
        List<String[]> rows = new ArrayList<>();
        List<String> names = new ArrayList<>(List.of("time"));
        history.path("fields").fieldNames().forEachRemaining(names::add);
        rows.add(names.toArray(new String[0]));
        for (int i = 0; i < history.path("times").size(); i++) {
            List<String> row = new ArrayList<>(List.of(TIME.format(
                    Instant.ofEpochSecond(history.path("times").get(i).asLong()).atZone(zone))));
            for (JsonNode column : history.path("fields")) {
                row.add(column.path(i).isNumber() ? column.path(i).asText() : "-");
            }
            rows.add(row.toArray(new String[0]));
        }
        int[] widths = new int[names.size()];
        rows.forEach(row -> Arrays.setAll(widths, column -> Math.max(widths[column], row[column].length())));
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(String[] row, int[] widths) {
        StringBuilder line = new StringBuilder(row[0]).append(" ".repeat(widths[0] - row[0].length()));
        for (int column = 1; column < row.length; column++) {
            line.append("  ")
                    .append(" ".repeat(widths[column] - row[column].length()))
                    .append(row[column]);
        }
        return line.toString();
    }
}
