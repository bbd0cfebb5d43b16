// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import io.tacho.cli.bench.Row.Server;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The table of responses: for each number of nodes and connections Tacho first, then its limit and its alternatives, each with
 * what Tacho does as a multiple of it.
 */
final class ResponseTable {

    private static final String HEAD = """
            | nodes | bytes | connections | server | responses/s | Tacho does × | p99 ms | Tacho × | CPU ms a response | Tacho × |
            |--:|--:|--:|---|--:|--:|--:|--:|--:|--:|
            """;

    private final List<Row> rows;

    ResponseTable(List<Row> rows) {
        this.rows = List.copyOf(rows);
    }

    /** In Markdown. */
    String text() {
        StringBuilder text = new StringBuilder(HEAD);
        for (Row row : rows) {
            Optional<Row> tacho = of(row, Server.TACHO);
            text.append(String.format(
                    Locale.ROOT,
                    "| %d | %d | %d | %s | %s | %s | %s | %s | %s | %s |%n",
                    row.nodes(),
                    row.bytes(),
                    row.connections(),
                    row.server().label,
                    number(row.perSecond()),
                    times(tacho.map(Row::perSecond), row, row.perSecond()),
                    number(row.p99Millis()),
                    times(tacho.map(Row::p99Millis), row, row.p99Millis()),
                    number(row.cpuMillis()),
                    times(tacho.map(Row::cpuMillis), row, row.cpuMillis())));
        }
        return text.toString();
    }

    /** For each number of nodes and connections what Tacho does against the better of the limits. */
    List<String> verdicts() {
        List<String> verdicts = new ArrayList<>();
        for (Row row : rows) {
            if (row.server() == Server.TACHO) {
                limit(row)
                        .ifPresent(limit -> verdicts.add(String.format(
                                Locale.ROOT,
                                "%d nodes, %d connections: %.2f × nginx' responses/s, %.2f × its p99, %.2f × its CPU a response",
                                row.nodes(),
                                row.connections(),
                                row.perSecond() / limit.perSecond(),
                                row.p99Millis() / limit.p99Millis(),
                                row.cpuMillis() / limit.cpuMillis())));
            }
        }
        return verdicts;
    }

    /** The nginx with more responses. */
    private Optional<Row> limit(Row row) {
        return rows.stream()
                .filter(other -> other.server().isLimit() && isBeside(row, other))
                .max(Comparator.comparingDouble(Row::perSecond));
    }

    private Optional<Row> of(Row row, Server server) {
        return rows.stream()
                .filter(other -> other.server() == server && isBeside(row, other))
                .findFirst();
    }

    private static boolean isBeside(Row row, Row other) {
        return other.nodes() == row.nodes() && other.connections() == row.connections();
    }

    private static String times(Optional<Double> tacho, Row row, double value) {
        return row.server() == Server.TACHO || tacho.isEmpty() || value == 0
                ? ""
                : String.format(Locale.ROOT, "%.2f", tacho.get() / value);
    }

    /** Three digits that count. */
    static String number(double value) {
        if (value >= 100) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(Locale.ROOT, value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.4f", value);
    }
}
