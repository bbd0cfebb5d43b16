// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A soak of less than a minute, for CI: each kind of fault once. */
class SoakIT {

    private static final int ROUNDS = 2;

    /** A round is too short for the compilers of the JVMs: their memory still grows. */
    private static final double GROWTH = 1.4;

    @Test
    void eachFaultOnce_afterEachRound_responsesAreCorrect(@TempDir Path directory) throws Exception {
        long seed = Long.getLong("soak.seed", System.nanoTime());
        try (SoakRun run = new SoakRun(seed, directory, 10, 2, false)) {
            for (int round = 0; round < ROUNDS; round++) {
                run.round((run.faults.kinds() + ROUNDS - 1) / ROUNDS, run.faults::next);
            }
            run.assertMemoryIsFlat(GROWTH);
        }
    }
}
