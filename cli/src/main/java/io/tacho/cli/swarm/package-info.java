// SPDX-License-Identifier: Apache-2.0
/**
 * The subcommand {@code swarm}: simulates the agents of a large cluster in one process.
 *
 * <p>Data flow: {@code SwarmMain} → {@code Swarm}, which lets each {@code SimulatedNode} beat at its interval → {@code BatchPublisher} →
 * Redis. {@code SwarmReport} prints how many beats there were, and how long Redis took.
 */
@NullMarked
package io.tacho.cli.swarm;

import org.jspecify.annotations.NullMarked;
