// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.cluster.MergedExtra;
import io.tacho.aggregator.cluster.Quantile;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.sketch.DurationHistogram;
import java.util.Map;

/** Writes extra values as JSON: those of a node, and those of the cluster. */
final class ExtrasJson {

    private ExtrasJson() {}

    /** Adds the member {@code extras} of a node; nothing if it has none. */
    static void write(ObjectNode body, Extras extras) {
        if (extras.byName().isEmpty()) {
            return;
        }
        ObjectNode json = body.putObject("extras");
        extras.byName().forEach((name, extra) -> write(json.putObject(name), extra));
    }

    private static void write(ObjectNode json, Extra extra) {
        json.put("kind", extra.kind()).put("rule", extra.rule());
        if (extra.durations() == null) {
            json.put("value", extra.value());
        } else {
            extra.durations().decodeIfReadable().ifPresent(durations -> write(json, durations));
        }
        if (extra.total() != null) {
            json.put("total", extra.total());
        }
    }

    /** Adds the member {@code extras} of the cluster; nothing if it has none. */
    static void write(ObjectNode body, Map<String, MergedExtra> extras) {
        if (extras.isEmpty()) {
            return;
        }
        ObjectNode json = body.putObject("extras");
        extras.forEach((name, extra) -> {
            ObjectNode one = json.putObject(name)
                    .put("kind", extra.kind())
                    .put("rule", extra.rule())
                    .put("nodes", extra.nodes());
            if (extra.durations() == null) {
                one.put("value", extra.value());
            } else {
                write(one, extra.durations());
            }
        });
    }

    /** Adds count, quantiles and maximum, nanoseconds. */
    static void write(ObjectNode json, DurationHistogram durations) {
        json.put("count", durations.count());
        for (Quantile quantile : Quantile.values()) {
            json.put(quantile.label(), durations.quantile(quantile.share()));
        }
        json.put("max", durations.max());
    }
}
