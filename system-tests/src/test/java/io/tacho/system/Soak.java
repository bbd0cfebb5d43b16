// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that can happen to a cluster, by chance and for a long time. {@code mvn verify -Psoak -Dsoak.minutes=20}; with
 * {@code -Dsoak.seed=…} the same choices again.
 */
class Soak {

    private static final double GROWTH = 1.25;

    @Test
    void faultsAtRandom_atEveryQuietPointEverythingIsRight(@TempDir Path directory) throws Exception {
        long minutes = Long.getLong("soak.minutes", 3);
        long seed = Long.getLong("soak.seed", System.nanoTime());
        long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
        Random lengths = new Random(seed);
        try (SoakRun run = new SoakRun(seed, directory, 50, 5)) {
            while (System.nanoTime() < end) {
                run.round(5 + lengths.nextInt(20), run.faults::any);
            }
            run.assertMemoryIsFlat(GROWTH);
        }
    }
}
