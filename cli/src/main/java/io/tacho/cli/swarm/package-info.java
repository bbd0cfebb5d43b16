// SPDX-License-Identifier: Apache-2.0
/** Simulated nodes in one process, to see how Redis and aggregators carry a large cluster. */
@NullMarked
package io.tacho.cli.swarm;

import org.jspecify.annotations.NullMarked;
