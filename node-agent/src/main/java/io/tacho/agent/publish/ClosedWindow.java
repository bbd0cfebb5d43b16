// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import io.tacho.model.NodeWindow;

/**
 * A completed window, to be uploaded into the history of the cluster.
 *
 * @param uid the uid of its node
 */
public record ClosedWindow(String uid, NodeWindow window) {}
