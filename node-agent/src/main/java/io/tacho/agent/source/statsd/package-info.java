// SPDX-License-Identifier: Apache-2.0
/**
 * The source for any program with a StatsD client, over UDP or a Unix datagram socket.
 *
 * <p>Data flow: {@code StatsdListener} → {@code StatsdLine} → {@code StatsdNames} → {@code StatsdIntake} → {@code
 * StatsdNumbers} → {@code StatsdSource}.
 *
 * <p>Rejected lines are counted by reason and logged once a minute.
 */
@NullMarked
package io.tacho.agent.source.statsd;

import org.jspecify.annotations.NullMarked;
