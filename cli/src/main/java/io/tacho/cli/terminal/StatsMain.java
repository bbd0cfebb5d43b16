// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import io.tacho.cli.client.ApiClient;
import io.tacho.cli.client.ApiException;
import io.tacho.cli.client.ClientOptions;
import io.tacho.cli.program.GivenSettings;
import io.tacho.cli.program.Program;
import io.tacho.text.Printable;
import io.tacho.text.SettingErrors;
import io.tacho.units.Durations;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The nodes of a cluster for pipes, as a program. */
@Command(
        name = "tacho stats",
        versionProvider = Program.Version.class,
        description = {"Prints the nodes of a cluster once, as an aggregator sees them: a table, JSON, CSV or TSV."},
        footer = {
            "",
            "Every option is also an environment variable: --api-key is TACHO_API_KEY.",
            "Output is UTF-8. In CSV, a text that begins with =, +, -, @, a tab or a CR is quoted and begins with an",
            "apostrophe, so that no spreadsheet evaluates it; control characters are escaped as \\uXXXX.",
            "Exit status: 0; 1 if the aggregator does not respond or rejects the key; 2 for a wrong option;",
            "3 if it responds from a view that is stale, at least in part, because it has no connection to Redis."
        })
public final class StatsMain implements Callable<Integer> {

    private static final int STALE = 3;
    private static final String FORMULA_STARTS = "=+-@\t\r";

    /** The output format; table is for people, the others have exact values. */
    enum Format {
        TABLE,
        JSON,
        CSV,
        TSV
    }

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "table for people; json, csv or tsv with exact values for programs (default: table).")
    private String format = "table";

    @Option(names = "--json", description = "The same as --format json.")
    private boolean json;

    @Option(names = "--csv", description = "The same as --format csv.")
    private boolean csv;

    @Option(
            names = "--columns",
            paramLabel = "LIST",
            description = "Fields or short names, separated by commas, or all, which is the default of csv and tsv.")
    private @Nullable String columns;

    @Option(
            names = "--sort",
            paramLabel = "COLUMN",
            description = "What to sort by; with a minus the largest first (default: name).")
    private String sort = "name";

    @Option(
            names = "--filter",
            paramLabel = "TEXT",
            description = "Which nodes to print: part of a name, cpu>50, client_max>=5ms (default: all).")
    private String filter = "";

    @Option(
            names = "--watch",
            paramLabel = "DURATION",
            description = "Print again every so often, until ended (default: print once).")
    private @Nullable Duration watch;

    @Option(names = "--no-header", description = "Without the line that names the columns.")
    private boolean noHeader;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Format wanted = wanted();
        checkEffective(wanted);
        List<Column> chosen =
                columns != null ? Column.list(columns) : wanted == Format.TABLE ? Column.DEFAULT : Column.list("all");
        NodeSort order = NodeSort.parse(sort);
        NodeFilter which = NodeFilter.parse(filter);
        Duration period = watch;
        if (period != null && period.toMillis() < 100) {
            throw new IllegalArgumentException("watch: " + Durations.format(period) + " (expected: at least 100ms)");
        }
        ApiClient api = client.client();
        PrintWriter out = spec.commandLine().getOut();
        boolean header = !noHeader;
        while (true) {
            int status = print(api, out, wanted, chosen, order, which, header);
            if (period == null || out.checkError()) {
                return status;
            }
            // rows of a program's table follow each other
            header = header && wanted == Format.TABLE;
            TimeUnit.MILLISECONDS.sleep(period.toMillis());
        }
    }

    private void checkEffective(Format wanted) {
        GivenSettings given = new GivenSettings(spec);
        SettingErrors errors = new SettingErrors();
        if (json || csv) {
            given.rejectIneffective(errors, "format", "together with " + (json ? "json" : "csv"), "one of them");
        }
        if (wanted == Format.JSON) {
            given.rejectIneffective(errors, "columns", "with JSON, which has all fields", "another format");
            given.rejectIneffective(errors, "no-header", "with JSON, which has no header", "another format");
        }
        errors.throwIfAny();
    }

    private Format wanted() {
        if (json || csv) {
            if (json && csv) {
                throw new IllegalArgumentException("json: given together with csv (expected: one of them)");
            }
            return json ? Format.JSON : Format.CSV;
        }
        try {
            return Format.valueOf(format.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("format: '" + format + "' (expected: table, json, csv or tsv)", e);
        }
    }

    private int print(
            ApiClient api,
            PrintWriter out,
            Format wanted,
            List<Column> chosen,
            NodeSort order,
            NodeFilter which,
            boolean header)
            throws IOException {
        ApiClient.Stats stats;
        try {
            stats = api.stats();
        } catch (ApiException e) {
            throw e;
        } catch (IOException e) {
            String problem = "no response from " + api.url() + ": " + Follower.message(e);
            if (watch == null) {
                throw new IOException(problem + " (expected: an aggregator at --url)", e);
            }
            complain(problem);
            return Program.FAILED;
        }
        long now = Instant.now().getEpochSecond();
        List<Node> nodes = stats.nodes().stream()
                .map(fields -> new Node(fields, Node.State.LIVE, 0))
                .filter(node -> which.holds(node, now))
                .sorted(order.comparator())
                .toList();
        switch (wanted) {
            case JSON -> out.println(JsonLines.of(nodes, stats.metricsIntervalSeconds()));
            case CSV -> printRows(out, chosen, nodes, header, ',');
            case TSV -> printRows(out, chosen, nodes, header, '\t');
            case TABLE -> printTable(out, chosen, nodes, header, now);
        }
        out.flush();
        if (stats.staleMillis() > 0) {
            complain("the view is " + Durations.compact(stats.staleMillis() / 1000)
                    + " old: the aggregator cannot see "
                    + (stats.stalePartitions().isEmpty() ? "Redis" : stats.stalePartitions() + " partitions of Redis"));
            return STALE;
        }
        return 0;
    }

    private void complain(String problem) {
        spec.commandLine().getErr().println(spec.qualifiedName() + ": " + problem);
        spec.commandLine().getErr().flush();
    }

    private static void printTable(PrintWriter out, List<Column> chosen, List<Node> nodes, boolean header, long now) {
        int names = nodes.stream()
                .mapToInt(node -> Text.width(Printable.line(node.name())))
                .max()
                .orElse(0);
        NodeLines table = new NodeLines(chosen, Math.max(4, names), false, null, false, now);
        if (header) {
            out.println(table.head(null).stripTrailing());
        }
        nodes.forEach(node -> out.println(table.line(node).stripTrailing()));
    }

    private static void printRows(
            PrintWriter out, List<Column> chosen, List<Node> nodes, boolean header, char separator) {
        String between = String.valueOf(separator);
        if (header) {
            out.println(chosen.stream().map(column -> column.field().wireName()).collect(Collectors.joining(between)));
        }
        for (Node node : nodes) {
            out.println(chosen.stream()
                    .map(column -> column.isText()
                            ? quoted(Printable.line(node.text(column)), separator)
                            : Long.toString(node.value(column)))
                    .collect(Collectors.joining(between)));
        }
    }

    /**
     * Returns a cell of CSV by RFC 4180. A text that a spreadsheet would evaluate is quoted and begins with an apostrophe. A
     * table by tabs has no quotes, and {@link Printable#line} has escaped its tabs.
     */
    static String quoted(String text, char separator) {
        if (separator != ',') {
            return text;
        }
        boolean formula = !text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0;
        return formula || text.indexOf(',') >= 0 || text.indexOf('"') >= 0
                ? (formula ? "\"'" : "\"") + text.replace("\"", "\"\"") + '"'
                : text;
    }
}
