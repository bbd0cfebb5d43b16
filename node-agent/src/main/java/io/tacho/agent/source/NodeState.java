// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import io.tacho.model.NodeSnapshot;

/**
 * What a source tells of its node at one moment.
 *
 * @param snapshot the 22 fields; its uid may change, and then it is another node
 */
public record NodeState(NodeSnapshot snapshot) {}
