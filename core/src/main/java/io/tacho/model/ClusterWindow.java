// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Objects;

/**
 * What happened in one window of the whole cluster: that of all its nodes, each of them once.
 *
 * @param intervalSeconds length of the window; nodes of another interval have windows of their own
 * @param startMillis when it begins, UNIX milliseconds, a multiple of the interval
 * @param folds how many windows of nodes are in it: where all of them are whole, how many nodes
 * @param sums what happened, exactly
 * @param gauges sums of what the nodes held at its end; of a node that was not there for the whole window a part
 * @param timeApiMax longest server API response time, nanoseconds
 * @param timeClientMax longest client API response time, nanoseconds
 * @param maxUniqueClients the most distinct users of a single node: so many are there at least
 * @param maxChannels the most channels of a single node: so many are there at least
 * @param detail merged histograms; unions of sketches, which aggregators write, and which may lack
 * @param usersNodes how many nodes the union of users is of
 * @param channelsNodes how many nodes the union of channels is of
 */
public record ClusterWindow(
        long intervalSeconds,
        long startMillis,
        long folds,
        NodeTotals sums,
        WindowGauges gauges,
        long timeApiMax,
        long timeClientMax,
        long maxUniqueClients,
        long maxChannels,
        WindowDetail detail,
        long usersNodes,
        long channelsNodes) {

    /** @throws IllegalArgumentException naming the field that is out of its bounds */
    public ClusterWindow {
        Checks.between("interval", intervalSeconds, 1, SnapshotEnvelope.MAX_INTERVAL_SECONDS);
        Checks.count("start_ms", startMillis);
        if (startMillis % (1_000 * intervalSeconds) != 0) {
            throw new IllegalArgumentException(
                    "start_ms: " + startMillis + " (expected: a multiple of " + intervalSeconds + " s)");
        }
        Checks.count("folds", folds);
        Objects.requireNonNull(sums, "sums");
        Objects.requireNonNull(gauges, "gauges");
        Checks.count("time_api_max", timeApiMax);
        Checks.count("time_client_max", timeClientMax);
        Checks.count("max_unique_clients", maxUniqueClients);
        Checks.count("max_channels", maxChannels);
        Objects.requireNonNull(detail, "detail");
        Checks.count("users_nodes", usersNodes);
        Checks.count("channels_nodes", channelsNodes);
    }
}
