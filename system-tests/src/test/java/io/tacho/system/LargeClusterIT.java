// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small form of {@link LargeCluster}: thousands of nodes in twelve partitions on three masters. */
class LargeClusterIT {

    private static final int NODES = 3_000;

    @TempDir
    private Path directory;

    @Test
    void view_afterStartup_equalsThePublishedNodes() throws Exception {
        try (LargeClusterRun run = new LargeClusterRun(NODES, Duration.ofSeconds(1), 12, directory, null)) {
            run.startAggregator();

            assertThat(run.check()).contains("num_cpu " + 8 * NODES);
            run.checkCounts();
            // most of it is the base size of an aggregator without nodes
            assertThat(run.memory().heapBytesPerNode() * NODES).isLessThan(40_000_000);
        }
    }
}
