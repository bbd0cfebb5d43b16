// SPDX-License-Identifier: Apache-2.0
/**
 * The choice of nodes that serve clients: draining by commands, responses to load balancers, nodes for new clients, and the surplus of nodes.
 *
 * <p>Data flow of a command: request → {@code DrainService} → {@code NodeCommands} → agent of the node → beat → view → response.
 * {@code AgentChecks}, {@code Picker} and {@code SurplusService} read the view; {@code Placement} creates them all.
 */
@NullMarked
package io.tacho.aggregator.placement;

import org.jspecify.annotations.NullMarked;
