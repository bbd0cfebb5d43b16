// SPDX-License-Identifier: Apache-2.0
/**
 * The port from which the values of a node come, and its implementation for the agent's own JVM.
 *
 * <p>Data flow: before each beat and at the end of each window the agent reads a {@code NodeSource}; {@code SnapshotBuilder}
 * combines its values with quality flags into a snapshot.
 *
 * <p>{@code JvmSource} reads a recorder and the own process. {@code ObservedProcess} adds the values of another process.
 * Other sources are in subpackages.
 */
@NullMarked
package io.tacho.agent.source;

import org.jspecify.annotations.NullMarked;
