// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.outlier.Outlier;
import io.tacho.aggregator.outlier.OutlierReport;
import java.util.List;
import java.util.function.Predicate;

/** Writes the outliers of a node or of the cluster as JSON. */
final class OutliersJson {

    /** More outliers of the cluster are only counted. */
    private static final int MAX_LISTED = 100;

    private OutliersJson() {}

    /** Writes how a node deviates, as an array with an object per indicator; nothing if it does not. */
    static void writeNode(ObjectNode node, List<Outlier> outliers) {
        if (!outliers.isEmpty()) {
            ArrayNode array = node.putArray("outlier");
            outliers.forEach(outlier -> writeDeviation(array.addObject(), outlier));
        }
    }

    /** Writes the number of outlier nodes, the deviations with the largest factors, and the last changes. */
    static void writeCluster(ObjectNode outliers, OutlierReport report) {
        writeCluster(outliers, report, outlier -> true);
        writeChanges(outliers.putArray("changes"), report);
    }

    /** Writes the number of outlier nodes that pass a filter, and their deviations with the largest factors. */
    static void writeCluster(ObjectNode outliers, OutlierReport report, Predicate<Outlier> filter) {
        List<Outlier> matching = report.outliers().stream().filter(filter).toList();
        outliers.put("nodes", matching.stream().map(Outlier::uid).distinct().count());
        ArrayNode array = outliers.putArray("deviations");
        matching.stream()
                .limit(MAX_LISTED)
                .forEach(outlier -> writeDeviation(
                        array.addObject().put("uid", outlier.uid()).put("name", outlier.node()), outlier));
    }

    /** Writes the deviations that started or ended last, newest first. */
    static void writeChanges(ArrayNode array, OutlierReport report) {
        report.changes()
                .forEach(change -> writeDeviation(
                        array.addObject()
                                .put("time", change.timeMillis())
                                .put("change", change.hasStarted() ? "started" : "ended")
                                .put("uid", change.outlier().uid())
                                .put("name", change.outlier().node()),
                        change.outlier()));
    }

    private static void writeDeviation(ObjectNode json, Outlier outlier) {
        json.put("indicator", outlier.indicator().label())
                .put("field", outlier.indicator().fieldName())
                .put("per_client", outlier.indicator().isPerClient())
                .put("value", ApiJson.rounded(outlier.value()))
                .put("median", ApiJson.rounded(outlier.median()))
                .put("factor", ApiJson.rounded(outlier.factor()))
                .put("peers", outlier.peers())
                .put("method", outlier.method().label())
                .put("since_ms", outlier.since().toEpochMilli());
    }
}
