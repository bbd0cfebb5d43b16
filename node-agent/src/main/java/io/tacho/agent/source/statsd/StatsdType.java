// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

/** The types of StatsD metrics. */
enum StatsdType {
    COUNTER,
    GAUGE,
    TIMER,
    SET
}
