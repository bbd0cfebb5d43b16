// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.swarm;

import io.tacho.model.SnapshotEnvelope;
import io.tacho.units.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a swarm.
 *
 * @param nodes how many nodes are simulated, 1 to 100,000
 * @param interval the heartbeat of each of them, 100 ms to 60 s
 * @param ttl how long a node is believed alive without a beat: at least two intervals
 * @param connections over how many connections they publish, 1 to 64
 * @param churn how many nodes are replaced a second, 0 to the number of nodes
 * @param history how long the cluster remembers their windows: 0 for not at all, else 1 minute to 720 h
 * @param detailBytes about how large the histograms and sketches of a beat are together; 0 for none
 */
public record SwarmSettings(
        int nodes, Duration interval, Duration ttl, int connections, int churn, Duration history, long detailBytes) {

    public static final int DEFAULT_NODES = 1_000;
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);

    static final int MAX_NODES = 100_000;
    static final int MAX_CONNECTIONS = 64;

    private static final Duration MIN_INTERVAL = Duration.ofMillis(100);
    private static final Duration MAX_INTERVAL = Duration.ofSeconds(60);
    private static final Duration MIN_HISTORY = Duration.ofMillis(SimulatedNode.WINDOW_MILLIS);
    private static final Duration MAX_HISTORY = Duration.ofDays(30);
    private static final Duration MAX_TTL = Duration.ofMillis(SnapshotEnvelope.MAX_TTL_MILLIS);

    /** @throws IllegalArgumentException naming the setting, what was found and what was expected */
    public SwarmSettings {
        requireBetween("nodes", nodes, 1, MAX_NODES);
        requireBetween("connections", connections, 1, MAX_CONNECTIONS);
        requireBetween("churn", churn, 0, nodes);
        if (interval.compareTo(MIN_INTERVAL) < 0 || interval.compareTo(MAX_INTERVAL) > 0) {
            throw new IllegalArgumentException("interval: " + Durations.format(interval) + " (expected: 100ms to 60s)");
        }
        if (ttl.compareTo(interval.multipliedBy(2)) < 0 || ttl.compareTo(MAX_TTL) > 0) {
            throw new IllegalArgumentException("ttl: " + Durations.format(ttl) + " (expected: at least two intervals, "
                    + Durations.format(interval.multipliedBy(2)) + ", at most 24h)");
        }
        if (!history.isZero() && (history.compareTo(MIN_HISTORY) < 0 || history.compareTo(MAX_HISTORY) > 0)) {
            throw new IllegalArgumentException(
                    "history: " + Durations.format(history) + " (expected: 0s, or 1m to 720h)");
        }
        if (detailBytes < 0 || detailBytes > SimulatedDetail.MAX_BYTES) {
            throw new IllegalArgumentException(
                    "detail: " + detailBytes + "B (expected: 0 to " + SimulatedDetail.MAX_BYTES + "B)");
        }
    }

    /** {@return these settings with histograms and sketches of about that size in each beat} */
    public SwarmSettings withDetailBytes(long bytes) {
        return new SwarmSettings(nodes, interval, ttl, connections, churn, history, bytes);
    }

    /** Settings with defaults where null is given: a heartbeat of 5 s, a TTL of three beats, no history; without detail. */
    public static SwarmSettings of(
            int nodes,
            @Nullable Duration interval,
            @Nullable Duration ttl,
            int connections,
            int churn,
            @Nullable Duration history) {
        Duration beat = interval == null ? DEFAULT_INTERVAL : interval;
        return new SwarmSettings(
                nodes,
                beat,
                ttl == null ? beat.multipliedBy(3) : ttl,
                connections,
                churn,
                history == null ? Duration.ZERO : history,
                0);
    }

    private static void requireBetween(String setting, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(setting + ": " + value + " (expected: " + min + " to " + max + ")");
        }
    }
}
