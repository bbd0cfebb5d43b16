// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.model.NodeStatus;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The response of {@code /sd/prometheus}: the nodes that report an address, as targets of Prometheus' HTTP service discovery. Nodes
 * with a URL of another scheme than HTTP are left out.
 *
 * <p>Thread safety: safe.
 */
public final class PrometheusTargets {

    private static final Set<String> PARAMETERS = Set.of("node", "name", "label");

    /** A URL that Prometheus can scrape, as scheme, host and port, and path; or only host and port. */
    private static final Pattern TARGET = Pattern.compile("(https?)://([^/]+)(/.*)?|([^/]+)");

    private static final String META = "__meta_tacho_";

    private final ClusterView view;
    private final String namespace;

    /**
     * Creates the response.
     *
     * @param namespace the name of the cluster
     */
    public PrometheusTargets(ClusterView view, String namespace) {
        this.view = view;
        this.namespace = namespace;
    }

    /** {@return whether all nodes were read at least once; before, a list would make Prometheus drop the targets that are missing} */
    public boolean isComplete() {
        return view.isEveryPartitionLoadedOnce();
    }

    /**
     * Returns the target groups of the nodes that a query is about, UTF-8 JSON.
     *
     * @throws IllegalArgumentException naming the invalid parameter, the found and the expected value
     */
    public byte[] body(QueryParameters query) {
        query.requireKnown(PARAMETERS);
        NodeFilter filter = NodeFilter.of(query);
        ArrayNode groups = ApiJson.array();
        for (KnownNode node : view.nodeList().nodes()) {
            String address = node.envelope().status().address();
            Matcher target = TARGET.matcher(address == null ? "" : address);
            if (target.matches() && filter.takes(node.envelope())) {
                addGroup(groups.addObject(), node, target);
            }
        }
        return ApiJson.write(groups);
    }

    private void addGroup(ObjectNode group, KnownNode node, Matcher target) {
        group.putArray("targets").add(target.group(2) == null ? target.group(4) : target.group(2));
        ObjectNode labels = group.putObject("labels");
        if (target.group(1) != null) {
            labels.put("__scheme__", target.group(1));
        }
        if (target.group(3) != null) {
            labels.put("__metrics_path__", target.group(3));
        }
        NodeStatus status = node.envelope().status();
        labels.put(META + "uid", node.uid()).put(META + "name", node.name()).put(META + "namespace", namespace);
        if (status.version() != null) {
            labels.put(META + "version", status.version());
        }
        if (status.host() != null) {
            labels.put(META + "host", status.host());
        }
        status.labels().forEach((name, value) -> labels.put(META + "label_" + name, value));
    }
}
