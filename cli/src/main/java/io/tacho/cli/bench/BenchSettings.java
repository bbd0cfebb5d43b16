// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings of a benchmark run.
 *
 * @param phases what of it
 * @param nodes sizes of the cluster, each 1 to 100,000
 * @param connections how many ask at the same time, each 1 to 1,000
 * @param seconds how long each run takes, 1 to 60
 * @param runs how often each is run, 1 to 20; medians count
 */
record BenchSettings(Set<Phase> phases, List<Integer> nodes, List<Integer> connections, int seconds, int runs) {

    /** The parts, in the order in which they are run. */
    enum Phase {
        START,
        RESPONSES,
        POLLS,
        INGEST,
        LOAD,
        ALTERNATIVES;

        /** By its name in lower case. */
        static Phase of(String name) {
            return Stream.of(values())
                    .filter(phase -> phase.toString().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("phases: '" + name + "' (expected: some of "
                            + Stream.of(values()).map(Phase::toString).collect(Collectors.joining(", ")) + ")"));
        }

        /** Returns true if the phases need wrk and nginx. */
        boolean needsTools() {
            return this != START && this != INGEST;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final Set<Phase> ALL = EnumSet.allOf(Phase.class);
    static final List<Integer> DEFAULT_NODES = List.of(10, 100, 1_000, 10_000);
    static final List<Integer> DEFAULT_CONNECTIONS = List.of(1, 32);
    static final int DEFAULT_SECONDS = 2;
    static final int DEFAULT_RUNS = 3;

    /** @throws IllegalArgumentException naming the setting, what was found and what was expected */
    BenchSettings {
        requireSome("phases", phases.size());
        requireSome("nodes", nodes.size());
        requireSome("connections", connections.size());
        nodes.forEach(value -> requireBetween("nodes", value, 1, 100_000));
        connections.forEach(value -> requireBetween("connections", value, 1, 1_000));
        requireBetween("seconds", seconds, 1, 60);
        requireBetween("runs", runs, 1, 20);
        phases = Set.copyOf(phases);
        nodes = List.copyOf(nodes);
        connections = List.copyOf(connections);
    }

    /**
     * Returns about how long the phases take on a machine with 2 CPUs, in seconds: starts, warm-up and the runs, which are one for
     * each server.
     */
    int expectedSeconds() {
        int total = 0;
        for (Phase phase : phases) {
            total += switch (phase) {
                case START -> 12 + 2 * runs;
                case RESPONSES -> nodes.size() * (11 + seconds + 3 * runs * seconds * connections.size());
                case POLLS -> 6 + 2 * runs * seconds * connections.size();
                case INGEST -> 9 + 7 * seconds;
                case LOAD -> 15 + 3 * seconds;
                case ALTERNATIVES -> 56 + 7 * seconds;
            };
        }
        return total;
    }

    private static void requireSome(String setting, int size) {
        if (size == 0) {
            throw new IllegalArgumentException(setting + ": none (expected: at least one)");
        }
    }

    private static void requireBetween(String setting, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(setting + ": " + value + " (expected: " + min + " to " + max + ")");
        }
    }
}
