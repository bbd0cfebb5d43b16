// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Injects random faults into a cluster for a long time. {@code mvn verify -Psoak -Dsoak.minutes=20}; with
 * {@code -Dsoak.seed=…} the same choices again, with {@code -Dsoak.cluster=true} on a Redis Cluster, with
 * {@code -Dsoak.agents=20} fewer agents for a slow machine.
 */
class Soak {

    private static final double GROWTH = 1.25;

    @Test
    void randomFaults_afterEachRound_responsesAreCorrect(@TempDir Path directory) throws Exception {
        long minutes = Long.getLong("soak.minutes", 3);
        long seed = Long.getLong("soak.seed", System.nanoTime());
        int agents = Integer.getInteger("soak.agents", 50);
        long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
        Random lengths = new Random(seed);
        try (SoakRun run = new SoakRun(seed, directory, agents, agents / 10, Boolean.getBoolean("soak.cluster"))) {
            while (System.nanoTime() < end) {
                run.round(5 + lengths.nextInt(20), run.faults::any);
            }
            run.assertMemoryIsFlat(GROWTH);
        }
    }
}
