// SPDX-License-Identifier: Apache-2.0
/** The port through which a node's numbers come, and the source that is the agent's own JVM. */
@NullMarked
package io.tacho.agent.source;

import org.jspecify.annotations.NullMarked;
