// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import io.tacho.cli.terminal.LiveCluster.Snapshot;
import io.tacho.cli.terminal.Node.State;
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

    private static final int LINES_AROUND_ROWS = 7;

    private static final List<String> HELP = List.of(
            "",
            "  q               quit",
            "  left right      sort by another column          r  the other way round",
            "  s n c u m p t   sort by state, name, clients, cpu, memory, published, longest client request",
            "  up down         move; also page up, page down, home, end",
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

    List<String> lines(
            Snapshot snapshot, List<Column> columns, TopState state, Screen.Size size, @Nullable String trouble) {
        List<String> lines = new ArrayList<>();
        List<Node> present = snapshot.present();
        lines.add(headline(snapshot, present.size(), size.columns(), trouble));
        Totals all = snapshot.totals(snapshot.nodes());
        lines.add(Text.cut(gauges(all), size.columns()));
        lines.add(Text.cut(rates(all, Math.max(1, snapshot.metricsIntervalSeconds())), size.columns()));
        lines.add(prompt(state, all.extras(), size.columns()));
        if (state.help) {
            HELP.forEach(line -> lines.add(Text.cut(line, size.columns())));
            return lines;
        }
        List<Node> shown = snapshot.nodes().stream()
                .filter(node -> state.filter.holds(node, nowSeconds))
                .sorted(state.sort.comparator())
                .toList();
        NodeLines table = NodeLines.fitted(columns, shown, size.columns(), colour, nowSeconds);
        lines.add(Style.HEAD.paint(Text.left(table.head(state.sort), size.columns()), colour));
        lines.add(table.total(snapshot.totals(shown)));
        int rows = page(size);
        state.first = Math.max(0, Math.min(state.first, shown.size() - rows));
        shown.stream().skip(state.first).limit(rows).forEach(node -> lines.add(table.line(node)));
        if (shown.isEmpty()) {
            lines.add(snapshot.nodes().isEmpty() ? "no nodes yet" : "no node fits the filter");
        }
        while (lines.size() < size.lines() - 1) {
            lines.add("");
        }
        lines.add(footer(state, shown.size(), snapshot.nodes().size(), rows, size.columns()));
        return lines;
    }

    private String headline(Snapshot snapshot, int present, int width, @Nullable String trouble) {
        StringBuilder left = new StringBuilder("Tacho  ").append(where).append("  ");
        left.append(present).append(present == 1 ? " node" : " nodes");
        for (State state : List.of(State.DRAINING, State.STALE, State.LOST, State.LEFT, State.RESTARTED)) {
            long count = snapshot.count(state);
            if (count > 0) {
                left.append(" · ").append(count).append(' ').append(state.label());
            }
        }
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
            return Text.cut("filter: " + Printable.line(state.typed.toString()) + "▏" + problem, width);
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
                Text.cut(where + "   q quit  ←→ sort  r reverse  / filter  ↑↓ move  space hold  h help", width),
                colour);
    }
}
