// SPDX-License-Identifier: Apache-2.0
/**
 * HAProxy's agent-check: a load balancer connects, perhaps sends a line, and reads one line with the state and weight of a server.
 *
 * <p>{@code AgentCheckListener} accepts the connections, {@code AgentCheckResponse} makes the lines.
 */
@NullMarked
package io.tacho.agentcheck;

import org.jspecify.annotations.NullMarked;
