// SPDX-License-Identifier: Apache-2.0
/** The source that is any program with a StatsD client, over UDP or a Unix datagram socket. */
@NullMarked
package io.tacho.agent.source.statsd;

import org.jspecify.annotations.NullMarked;
