// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import io.tacho.model.NodeTotals.ProcessTotals;
import io.tacho.model.NodeWindow;
import org.jspecify.annotations.Nullable;

/**
 * A completed window, to be uploaded into the history of the cluster.
 *
 * @param uid the uid of its node
 * @param totals the totals of the node's process at its end; null if the process does not outlive the agent
 */
public record ClosedWindow(
        String uid, NodeWindow window, @Nullable ProcessTotals totals) {}
