// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacho.cli.terminal.LiveCluster.Snapshot;
import io.tacho.cli.terminal.Node.State;
import io.tacho.text.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The state of the cluster that an aggregator reports, besides its nodes and totals.
 *
 * @param name of the cluster; empty if the aggregator has none
 * @param outliers by the names of the nodes: the largest deviation of each
 * @param alerts the number of firing alerts
 * @param isCritical whether an alert of the severity {@code critical} fires
 */
record ClusterStatus(String name, Map<String, String> outliers, int alerts, boolean isCritical) {

    static final ClusterStatus UNKNOWN = new ClusterStatus("", Map.of(), 0, false);

    private static final Map<String, String> INDICATORS = Map.of(
            "api_latency", "API latency",
            "cpu_usage", "CPU");

    /** {@return the status in the responses of {@code /cluster} and {@code /alerts}} */
    static ClusterStatus parse(JsonNode cluster, JsonNode alerts) {
        Map<String, String> outliers = new LinkedHashMap<>();
        cluster.at("/outliers/deviations")
                .forEach(
                        deviation -> outliers.putIfAbsent(deviation.path("name").asText(), deviationText(deviation)));
        List<String> severities = new ArrayList<>();
        alerts.path("alerts").forEach(alert -> {
            if (alert.path("status").asText().equals("firing")
                    && !alert.path("silenced").asBoolean()) {
                severities.add(alert.at("/labels/severity").asText());
            }
        });
        return new ClusterStatus(
                cluster.at("/identity/cluster").asText(), outliers, severities.size(), severities.contains("critical"));
    }

    /** Returns a deviation for people, e.g. {@code API latency 4.1 ×}. */
    static String deviationText(JsonNode deviation) {
        String indicator = deviation.path("indicator").asText();
        String label = INDICATORS.getOrDefault(indicator, indicator.replace('_', ' '));
        if (deviation.path("method").asText().equals("minority")) {
            return label + " of only " + deviation.path("value").asLong() + " of "
                    + deviation.path("peers").asLong() + " nodes";
        }
        double factor = deviation.path("factor").asDouble();
        return label + String.format(Locale.ROOT, factor >= 1 ? " %.1f ×" : " %.2f ×", factor);
    }

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
                String ago = ago(
                        TimeUnit.NANOSECONDS.toSeconds(nowNanos - lost.get(0).heardNanos()));
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
}
