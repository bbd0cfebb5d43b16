// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import io.tacho.cli.terminal.LiveCluster.Snapshot;
import io.tacho.cli.terminal.Node.State;
import io.tacho.text.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One sentence about the cluster and its color, as in the dashboard.
 *
 * @param text for people
 * @param style by the worst part of the sentence
 */
record Verdict(String text, Style style) {

    private static final int NAMED_OUTLIERS = 2;

    /** Returns the verdict about a cluster. */
    static Verdict of(Snapshot snapshot, long nowNanos) {
        if (!snapshot.synced()) {
            return new Verdict("", Style.PLAIN);
        }
        List<String> parts = new ArrayList<>();
        Style worst = Style.GOOD;
        long live = snapshot.count(State.LIVE);
        parts.add(live + (live == 1 ? " node live" : " nodes live"));
        long draining = snapshot.count(State.DRAINING);
        if (draining > 0) {
            parts.add(draining + " draining");
        }
        long stale = snapshot.count(State.STALE);
        if (stale > 0) {
            parts.add(stale + " stale");
            worst = Style.WARN;
        }
        ClusterStatus status = snapshot.status();
        List<String> outliers = outliers(status);
        if (!outliers.isEmpty() || status.alerts() > 0) {
            worst = Style.WARN;
        }
        List<Node> lost = snapshot.nodes().stream()
                .filter(node -> node.state() == State.LOST)
                .sorted(Comparator.comparingLong((Node node) -> nowNanos - node.heardNanos()))
                .toList();
        if (!lost.isEmpty()) {
            String ago =
                    ago(TimeUnit.NANOSECONDS.toSeconds(nowNanos - lost.get(0).heardNanos()));
            parts.add(
                    lost.size() == 1
                            ? Printable.line(lost.get(0).name()) + " lost " + ago
                            : lost.size() + " lost, the last " + ago);
        }
        parts.addAll(outliers);
        if (status.alerts() > 0) {
            parts.add(status.alerts() + (status.alerts() == 1 ? " alert" : " alerts"));
        }
        return new Verdict(String.join(" · ", parts), lost.isEmpty() && !status.isCritical() ? worst : Style.BAD);
    }

    private static List<String> outliers(ClusterStatus status) {
        if (status.outliers().size() > NAMED_OUTLIERS) {
            return List.of(status.outliers().size() + " outliers");
        }
        return status.outliers().entrySet().stream()
                .map(outlier ->
                        Printable.line(outlier.getKey()) + " outlier (" + Printable.line(outlier.getValue()) + ")")
                .toList();
    }

    private static String ago(long seconds) {
        if (seconds < 60) {
            return Math.max(0, seconds) + " s ago";
        }
        return seconds < 3_600 ? seconds / 60 + " min ago" : seconds / 3_600 + " h ago";
    }
}
