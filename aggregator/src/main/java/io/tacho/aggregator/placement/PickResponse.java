// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.placement;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.api.ApiJson;
import io.tacho.aggregator.api.NodeFilter;
import io.tacho.aggregator.api.QueryParameters;
import io.tacho.model.Field;
import io.tacho.model.NodeStatus;
import java.util.Set;

/**
 * The response to {@code /pick}: nodes for a new client.
 *
 * <p>Thread safety: safe.
 */
public final class PickResponse {

    /** The largest number of nodes of a response. */
    static final int MAX_NODES = 16;

    private static final Set<String> PARAMETERS = Set.of("n", "node", "name", "label");

    private final Picker picker;

    PickResponse(Picker picker) {
        this.picker = picker;
    }

    /**
     * Returns the picked nodes as UTF-8 JSON, and reserves the client at the first one.
     *
     * @throws IllegalArgumentException naming the invalid parameter, the found and the expected value
     * @throws NoEligibleNodeException if there is none
     */
    public byte[] body(QueryParameters query) throws NoEligibleNodeException {
        query.requireKnown(PARAMETERS);
        int count = query.count("n", 1);
        if (count < 1 || count > MAX_NODES) {
            throw new IllegalArgumentException("n: " + count + " (expected: 1 to " + MAX_NODES + ")");
        }
        ObjectNode body = ApiJson.object();
        ArrayNode nodes = body.putArray("nodes");
        for (Picker.Pick pick : picker.pick(count, NodeFilter.of(query)::takes)) {
            NodeStatus status = pick.node().envelope().status();
            long clients = pick.node().envelope().snapshot().number(Field.NUM_CLIENTS);
            nodes.addObject()
                    .put("uid", pick.node().uid())
                    .put("name", pick.node().name())
                    .put("address", status.address())
                    .put("capacity", status.capacity())
                    .put("num_clients", clients)
                    .put("reserved", pick.reserved());
        }
        return ApiJson.write(body);
    }
}
