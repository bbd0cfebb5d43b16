// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import org.jspecify.annotations.Nullable;

/**
 * Who and what was connected in one window of the cluster, as far as an aggregator has heard the nodes' sketches.
 *
 * @param intervalSeconds the window's, as in {@link io.tacho.model.ClusterWindow}
 * @param startMillis the window's
 * @param users union of the sketches of users, as text; null for none
 * @param usersNodes of how many nodes it is
 * @param channels union of the sketches of channels, as text; null for none
 * @param channelsNodes of how many nodes it is
 */
public record DistinctWindow(
        long intervalSeconds,
        long startMillis,
        @Nullable String users,
        long usersNodes,
        @Nullable String channels,
        long channelsNodes) {}
