// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

/** What a StatsD metric may be. */
enum StatsdType {
    COUNTER,
    GAUGE,
    TIMER,
    SET
}
