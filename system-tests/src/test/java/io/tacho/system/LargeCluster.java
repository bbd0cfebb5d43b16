// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The column of BENCHMARKS.md about 100,000 nodes and three masters: the time until the view is complete, the heap, and whether the
 * view equals what is stored, for minutes. Run by the command there, not by CI, which has the small {@link LargeClusterIT}.
 */
class LargeCluster {

    private static final int NODES = Integer.getInteger("large.nodes", 100_000);
    private static final int INTERVAL_SECONDS = Integer.getInteger("large.interval", 10);
    private static final int PARTITIONS = Integer.getInteger("large.partitions", 12);
    private static final int SECONDS = Integer.getInteger("large.seconds", 600);
    private static final int STARTS = Integer.getInteger("large.starts", 3);
    private static final int CHECKS = 5;

    @TempDir
    private Path directory;

    @Test
    void view_isComplete_equalsRedis_andFitsTheMemory() throws Exception {
        String jar = System.getProperty("large.jar");
        Duration interval = Duration.ofSeconds(INTERVAL_SECONDS);
        try (LargeClusterRun run = new LargeClusterRun(
                NODES,
                interval,
                PARTITIONS,
                directory,
                jar == null ? null : Path.of(jar).toAbsolutePath())) {
            LargeClusterRun.elapse(interval.multipliedBy(2));
            print(run.swarmReport());
            List<Long> starts = new ArrayList<>();
            for (int i = 0; i < STARTS; i++) {
                starts.add(run.startAggregator().toMillis());
                LargeClusterRun.elapse(Duration.ofSeconds(5));
            }
            print("start of the program to the complete view: " + starts + " ms");
            for (int i = 0; i < CHECKS; i++) {
                long[] before = run.cpuMillis();
                Duration time = Duration.ofSeconds(SECONDS / CHECKS);
                LargeClusterRun.elapse(time);
                print(LargeClusterRun.percent(before, run.cpuMillis(), time));
                print(run.swarmReport());
                print("equal to Redis: " + run.check());
                run.checkCounts();
            }
            LargeClusterRun.Memory memory = run.memory();
            print(memory.toString());
            assertThat(memory.heapBytesPerNode()).isLessThanOrEqualTo(2_560);
            assertThat(starts.stream().sorted().toList().get(STARTS / 2)).isLessThanOrEqualTo(5_000);
        }
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
