// SPDX-License-Identifier: Apache-2.0
/**
 * The subcommand {@code swarm}: simulates the agents of a large cluster in one process.
 *
 * <p>Data flow: {@code SwarmMain} → {@code Swarm}, which lets each {@code SimulatedNode} beat at its interval → {@code BatchPublisher} →
 * Redis. {@code RoundTrips} measures how long Redis takes; {@code SwarmReport} prints the results.
 */
@NullMarked
package io.tacho.cli.swarm;

import org.jspecify.annotations.NullMarked;
