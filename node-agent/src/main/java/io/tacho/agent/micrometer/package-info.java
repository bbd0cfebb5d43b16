// SPDX-License-Identifier: Apache-2.0
/**
 * Meters for hosts that use Micrometer.
 *
 * <p>Data flow: totals of the agent → {@code TachoMetrics} → meter registry. The registry reads the same totals as the
 * beats, so nothing is recorded twice.
 *
 * <p>The host provides Micrometer.
 */
@NullMarked
package io.tacho.agent.micrometer;

import org.jspecify.annotations.NullMarked;
