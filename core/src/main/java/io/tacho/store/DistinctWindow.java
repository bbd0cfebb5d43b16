// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.WindowSlot;
import io.tacho.sketch.DistinctSketch;
import org.jspecify.annotations.Nullable;

/**
 * The distinct users and channels of one window of the cluster, as far as an aggregator has received the nodes' sketches.
 *
 * @param slot which window
 * @param users union of the sketches of users; null for none
 * @param usersNodes number of nodes in it
 * @param channels union of the sketches of channels; null for none
 * @param channelsNodes number of nodes in it
 */
public record DistinctWindow(
        WindowSlot slot,
        @Nullable DistinctSketch users,
        long usersNodes,
        @Nullable DistinctSketch channels,
        long channelsNodes) {}
