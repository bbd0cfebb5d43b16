// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import io.tacho.cli.terminal.LiveCluster.Snapshot;
import io.tacho.model.Field;
import io.tacho.text.Printable;
import io.tacho.units.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One screen of {@code top}, as lines.
 *
 * @param where the aggregator's address
 * @param colour whether to paint
 * @param nowSeconds UNIX time
 * @param nowNanos the monotonic clock
 */
record TopFrame(String where, boolean colour, long nowSeconds, long nowNanos) {

    private static final int LINES_AROUND_ROWS = 8;

    private static final List<String> HELP = List.of(
            "",
            "  q               quit",
            "  left right      sort by another column          r  the other way round",
            "  s n c u m p t   sort by state, name, clients, cpu, memory, published, longest client request",
            "  up down         select a node; also page up, page down, home, end",
            "  enter           all that is known of the selected node",
            "  v               columns: clients,cpu,client_max or all; nothing for the default",
            "  /               filter: chat  -test  state:lost,left  cpu>50  client_max>=5ms  memory>1gib  up<1h",
            "  escape          show all again",
            "  space           hold the picture, and go on",
            "",
            "  Counters are of the last completed window; ≤ stands before sums of what nodes may have in common.",
            "",
            "  Any key goes back.");

    static int page(Screen.Size size) {
        return Math.max(1, size.lines() - LINES_AROUND_ROWS);
    }

    List<String> lines(Snapshot snapshot, TopState state, Screen.Size size, @Nullable String trouble) {
        List<String> lines = new ArrayList<>();
        lines.add(headline(snapshot, size.columns(), trouble));
        ClusterStatus.Verdict verdict = ClusterStatus.Verdict.of(snapshot, nowNanos);
        lines.add(verdict.style().paint(Text.cut(verdict.text(), size.columns()), colour));
        Totals all = snapshot.totals(snapshot.nodes());
        lines.add(Text.cut(gauges(all), size.columns()));
        lines.add(Text.cut(rates(all, Math.max(1, snapshot.metricsIntervalSeconds())), size.columns()));
        lines.add(prompt(state, all.extras(), size.columns()));
        if (state.help) {
            HELP.forEach(line -> lines.add(Text.cut(line, size.columns())));
            return lines;
        }
        Node detailed = snapshot.find(state.detailUid);
        if (detailed != null) {
            NodeDetails.lines(detailed, snapshot.detail(), nowSeconds).stream()
                    .limit(Math.max(0, size.lines() - lines.size()))
                    .forEach(line -> lines.add(Text.cut(line, size.columns())));
            return lines;
        }
        List<Node> shown = snapshot.nodes().stream()
                .filter(node -> state.filter.holds(node, nowSeconds))
                .sorted(state.sort.comparator())
                .toList();
        NodeLines table =
                NodeLines.fitted(state.columns, shown, size.columns(), Trend.shownFor(state.sort), colour, nowSeconds);
        lines.add(Style.HEAD.paint(Text.left(table.head(state.sort), size.columns()), colour));
        lines.add(table.total(snapshot.totals(shown)));
        int rows = page(size);
        state.fit(shown.size(), rows);
        int selected = state.cursor < 0 ? state.first : state.cursor;
        state.selectedUid = shown.isEmpty() ? null : shown.get(selected).uid();
        for (int row = state.first; row < Math.min(shown.size(), state.first + rows); row++) {
            String line = table.line(shown.get(row));
            lines.add(row == state.cursor ? Style.selected(line, colour) : line);
        }
        if (shown.isEmpty()) {
            lines.add(snapshot.nodes().isEmpty() ? "no nodes yet" : "no node fits the filter");
        }
        while (lines.size() < size.lines() - 1) {
            lines.add("");
        }
        lines.add(footer(state, shown.size(), snapshot.nodes().size(), rows, size.columns()));
        return lines;
    }

    private String headline(Snapshot snapshot, int width, @Nullable String trouble) {
        StringBuilder left = new StringBuilder("Tacho  ");
        if (!snapshot.status().name().isEmpty()) {
            left.append(Printable.line(snapshot.status().name())).append("  ");
        }
        left.append(where);
        if (snapshot.metricsIntervalSeconds() > 0) {
            left.append(" · windows of ")
                    .append(snapshot.metricsIntervalSeconds())
                    .append(" s");
        }
        String age = Durations.compact(TimeUnit.NANOSECONDS.toSeconds(nowNanos - snapshot.heardNanos()));
        Style style = Style.BAD;
        String right;
        if (!snapshot.connected()) {
            right = snapshot.synced()
                    ? "away, " + age + " old: " + Printable.line(String.valueOf(trouble))
                    : "connecting" + (trouble == null ? "" : ": " + Printable.line(trouble));
        } else if (snapshot.staleMillis() > 0) {
            String stale = Durations.compact(snapshot.staleMillis() / 1000);
            LiveCluster.Partitions partitions = snapshot.partitions();
            right = partitions.disconnected() == partitions.total()
                    ? "view " + stale + " old: Redis is away"
                    : partitions.disconnected() + " of " + partitions.total() + " partitions " + stale + " old";
            style = Style.WARN;
        } else {
            right = snapshot.synced() ? "live" : "loading";
            style = Style.GOOD;
        }
        right = Text.cut(right, Math.max(10, width * 2 / 3));
        int room = Math.max(0, width - Text.width(right) - 2);
        return Style.BOLD.paint(Text.left(left.toString(), room), colour) + "  " + style.paint(right, colour);
    }

    private static String gauges(Totals totals) {
        return "clients " + totals.text(Column.of(Field.NUM_CLIENTS))
                + "   users " + totals.text(Column.of(Field.NUM_UNIQUE_CLIENTS))
                + "   channels " + totals.text(Column.of(Field.NUM_CHANNELS))
                + "   memory " + totals.text(Column.of(Field.MEMORY_SYS))
                + "   cpu " + totals.text(Column.of(Field.CPU_USAGE))
                + "   client " + totals.text(Column.of(Field.TIME_CLIENT_MEAN)) + " max "
                + totals.text(Column.of(Field.TIME_CLIENT_MAX))
                + "   api " + totals.text(Column.of(Field.TIME_API_MEAN)) + " max "
                + totals.text(Column.of(Field.TIME_API_MAX));
    }

    private static String rates(Totals totals, long seconds) {
        return "published " + rate(Column.of(Field.NUM_MSG_PUBLISHED), totals, seconds)
                + "   sent " + rate(Column.of(Field.NUM_MSG_SENT), totals, seconds)
                + "   client req " + rate(Column.of(Field.NUM_CLIENT_REQUESTS), totals, seconds)
                + "   api req " + rate(Column.of(Field.NUM_API_REQUESTS), totals, seconds)
                + "   in " + rate(Column.of(Field.BYTES_CLIENT_IN), totals, seconds)
                + "   out " + rate(Column.of(Field.BYTES_CLIENT_OUT), totals, seconds);
    }

    private static String rate(Column column, Totals totals, long seconds) {
        double rate = (double) totals.value(column) / seconds;
        return column.quantity().compact(rate) + "/s";
    }

    /** Returns the line of the filter; of the extra values if there is no filter. */
    private String prompt(TopState state, String extras, int width) {
        if (state.typed != null) {
            String problem = state.problem == null ? "" : "   " + state.problem;
            String prompt = state.typesColumns ? "columns: " : "filter: ";
            return Text.cut(prompt + Printable.line(state.typed.toString()) + "▏" + problem, width);
        }
        String filter = state.filter.toString();
        if (filter.isEmpty() && !state.paused) {
            return Text.cut(extras, width);
        }
        return Style.WARN.paint(
                Text.cut(
                        (state.paused ? "held; space goes on   " : "")
                                + (filter.isEmpty() ? "" : "filter: " + Printable.line(filter)),
                        width),
                colour);
    }

    private String footer(TopState state, int shown, int all, int rows, int width) {
        String where = shown == 0
                ? "0"
                : (state.first + 1) + "-" + Math.min(shown, state.first + rows) + " of " + shown
                        + (shown == all ? "" : " (" + all + " in all)");
        return Style.QUIET.paint(
                Text.cut(
                        where
                                + "   q quit  ←→ sort  r reverse  / filter  ↑↓ move  space hold  enter details  v columns  h help",
                        width),
                colour);
    }
}
