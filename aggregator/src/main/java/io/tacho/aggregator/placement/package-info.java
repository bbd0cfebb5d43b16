// SPDX-License-Identifier: Apache-2.0
/**
 * Which nodes serve clients: commands of operators that drain a node.
 *
 * <p>Data flow: request → {@code DrainService} → {@code NodeCommands} → agent of the node → beat → view → response.
 */
@NullMarked
package io.tacho.aggregator.placement;

import org.jspecify.annotations.NullMarked;
