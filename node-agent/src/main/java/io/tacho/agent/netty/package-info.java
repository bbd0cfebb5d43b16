// SPDX-License-Identifier: Apache-2.0
/**
 * Recording for hosts that use Netty.
 *
 * <p>Data flow: channel events → {@code ClientTraffic} → {@code StatsRecorder}. One handler per server counts bytes,
 * messages and open channels.
 *
 * <p>The host provides Netty.
 */
@NullMarked
package io.tacho.agent.netty;

import org.jspecify.annotations.NullMarked;
