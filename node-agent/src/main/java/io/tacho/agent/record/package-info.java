// SPDX-License-Identifier: Apache-2.0
/**
 * Recording of events and their division into windows.
 *
 * <p>Data flow: the host calls {@code StatsRecorder}; {@code IntervalRecorder} adds to {@code IntervalCounter} and {@code
 * IntervalTimer}, which keep totals in {@code Stripes} and {@code TimerCell}. At the end of a window the differences become
 * a {@code RecordedInterval}.
 *
 * <p>Recording takes no lock and allocates nothing. {@code LiveIds}, {@code HostIds} and {@code HostGauges} provide clients,
 * users and channels.
 */
@NullMarked
package io.tacho.agent.record;

import org.jspecify.annotations.NullMarked;
