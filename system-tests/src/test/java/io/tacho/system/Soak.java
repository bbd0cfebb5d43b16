// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Everything that can happen to a cluster, by chance and for a long time: whenever it ends, the response lists exactly the
 * agents that run. {@code mvn verify -Psoak -Dsoak.minutes=20}; with {@code -Dsoak.seed=…} the same choices again.
 */
class Soak {

    /** So long may a process take to start on a busy machine; that is not the cluster's doing. */
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(90);

    private static final Duration HEALS_WITHIN = SoakCluster.TTL.plus(SoakCluster.BEAT.multipliedBy(12));

    @Test
    void faultsByChance_atEveryQuietPointExactlyTheRunningAgentsAreListed() throws Exception {
        long minutes = Long.getLong("soak.minutes", 3);
        long seed = Long.getLong("soak.seed", System.nanoTime());
        print("seed " + seed + ", " + minutes + " minutes");
        Random random = new Random(seed);
        long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
        try (SoakCluster cluster = new SoakCluster(random)) {
            Duration slowest = quietPoint(cluster, seed);
            print("all agents are listed after " + slowest.toMillis() + " ms");
            long heapAtFirst = 0;
            long heapAtLast = 0;
            int points = 0;
            while (System.nanoTime() < end) {
                for (int faults = 5 + random.nextInt(20); faults > 0; faults--) {
                    cluster.fault();
                    pause(Duration.ofMillis(50 + random.nextInt(1_000)));
                }
                cluster.endFaults();
                Duration healed = quietPoint(cluster, seed);
                slowest = healed.compareTo(slowest) > 0 ? healed : slowest;
                points++;
                heapAtLast = heapAfterGc();
                // not before the first faults: what handles them is loaded by then
                heapAtFirst = points == 1 ? heapAtLast : heapAtFirst;
                print("quiet point " + points + " after " + healed.toMillis() + " ms; heap " + heapAtLast + " KiB; "
                        + cluster.counts());
            }
            print(points + " quiet points, the slowest after " + slowest.toMillis() + " ms; heap after GC "
                    + heapAtFirst + " KiB at first, " + heapAtLast + " KiB at last; seed " + seed);
            assertThat(heapAtLast).as("heap after GC, KiB").isLessThanOrEqualTo(heapAtFirst * 12 / 10);
        }
    }

    /** Waits until the response is right, and stays so for two beats; returns how long it took to become right. */
    private static Duration quietPoint(SoakCluster cluster, long seed) {
        long begin = System.nanoTime();
        await().atMost(STARTS_WITHIN)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> cluster.differences().stream().noneMatch(line -> line.startsWith("missing: process")));
        assertRight(cluster, seed, HEALS_WITHIN, Duration.ZERO);
        Duration healed = Duration.ofNanos(System.nanoTime() - begin);
        assertRight(cluster, seed, HEALS_WITHIN, SoakCluster.BEAT.multipliedBy(2));
        return healed;
    }

    private static void assertRight(SoakCluster cluster, long seed, Duration within, Duration during) {
        await().during(during)
                .atMost(within)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() ->
                        assertThat(cluster.differences()).as("seed " + seed).isEmpty());
    }

    private static void pause(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(30)).until(() -> true);
    }

    private static long heapAfterGc() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024;
    }

    private static void print(String line) {
        System.out.println("soak: " + line);
    }
}
