// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import io.tacho.model.NodeWindow;

/**
 * A window that has ended, to be folded into the memory of the cluster.
 *
 * @param uid whose it is
 */
public record ClosedWindow(String uid, NodeWindow window) {}
