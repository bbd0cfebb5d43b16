// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an aggregator reports about the cluster besides its nodes and totals.
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
}
