// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** A part of the benchmark. */
@FunctionalInterface
interface BenchPhase {

    /**
     * Measures.
     *
     * @param results receives each measurement as soon as it is complete
     * @return lines of the summary
     */
    List<String> run(Consumer<Measurement> results) throws IOException, InterruptedException;
}
