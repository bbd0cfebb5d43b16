// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.view.LiveNode;
import io.tacho.model.Field;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Each number of the cluster as one, by the rule that makes sense for it: what {@link ClusterResponse} tells, flat. */
public final class ClusterNumbers {

    private static final List<String> QUANTILES = List.of("p50", "p90", "p99", "p999");
    private static final List<String> DURATIONS = List.of("time_api", "time_client");

    private ClusterNumbers() {}

    /** Their names: the numbers among the 22 fields but {@code started_at}, and quantiles, e.g. {@code time_api_p99}. */
    public static Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        for (String key : Field.wireNames()) {
            Field field = Field.of(key);
            if (field != null && field.isNumber() && field != Field.STARTED_AT) {
                keys.add(key);
            }
        }
        DURATIONS.forEach(duration -> QUANTILES.forEach(quantile -> keys.add(duration + "_" + quantile)));
        return keys;
    }

    /**
     * The numbers by their names. Of unique clients and channels the union where all nodes ship sketches, else the sum; of
     * quantiles those of the nodes that ship histograms, and none where none does.
     */
    public static Map<String, Long> of(List<LiveNode> nodes) {
        ClusterMerge merge = new ClusterMerge(nodes);
        ObjectNode fields = ApiJson.object();
        merge.writeFields(fields);
        ObjectNode quantiles = ApiJson.object();
        merge.writeQuantiles(quantiles);
        Map<String, Long> numbers = new HashMap<>();
        for (String key : keys()) {
            JsonNode value = fields.path(key);
            if (value.isNumber()) {
                numbers.put(key, value.asLong());
            } else if (value.isObject()) {
                JsonNode union = value.path("union");
                boolean isOfAll = union.path("nodes").asInt() == nodes.size();
                numbers.put(
                        key,
                        isOfAll
                                ? union.path("estimate").asLong()
                                : value.path("sum").asLong());
            }
        }
        for (String duration : DURATIONS) {
            QUANTILES.stream()
                    .filter(quantiles.path(duration)::has)
                    .forEach(quantile -> numbers.put(
                            duration + "_" + quantile,
                            quantiles.path(duration).path(quantile).asLong()));
        }
        return numbers;
    }
}
