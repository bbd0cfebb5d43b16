// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/** Runs rounds of faults. After each round, without faults, all responses must be exact. */
final class SoakRun implements AutoCloseable {

    /** The time that a process may take to start on a loaded machine. */
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(90);

    private static final Duration HEALS_WITHIN = SoakCluster.TTL.plus(SoakCluster.BEAT.multipliedBy(12));

    /** Agents upload windows that Redis has lost at half the pace at which they were recorded, and 30 s for a busy machine. */
    private static final Duration UPLOADED_WITHIN = Duration.ofSeconds(75);

    /** Agents retain their last 120 windows, four minutes: what Redis has lost of them is uploaded again. */
    private static final Duration RETAINED = Duration.ofMinutes(3);

    /** The events counted in a round. */
    private record Round(long startMillis, SoakCounts counts) {}

    private final long seed;
    private final Random random;
    private final SoakCluster cluster;
    final SoakFaults faults;
    private final Deque<Round> rounds = new ArrayDeque<>();
    private final List<SoakMemory> memory = new ArrayList<>();
    private long slowest;

    SoakRun(long seed, Path directory, int agents, int programs, boolean isRedisCluster) throws Exception {
        this.seed = seed;
        print("seed " + seed);
        random = new Random(seed);
        cluster = new SoakCluster(random, directory, agents, programs, isRedisCluster);
        faults = new SoakFaults(random, cluster);
        rounds.add(new Round(System.currentTimeMillis(), SoakCounts.NONE));
        long begin = System.nanoTime();
        awaitNone(line -> true, STARTS_WITHIN, Duration.ZERO);
        print("complete after " + millisSince(begin) + " ms");
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }

    interface Injection {
        void inject() throws Exception;
    }

    /** Injects faults while events are counted, ends them, and asserts that all responses are correct. */
    void round(int count, Injection fault) throws Exception {
        SoakCounts counts = SoakCounts.NONE;
        long start = System.currentTimeMillis();
        for (int i = 0; i < count; i++) {
            fault.inject();
            SoakCounts some = SoakCounts.some(random);
            cluster.record(some);
            counts = counts.plus(some);
            pause(Duration.ofMillis(50 + random.nextInt(600)));
        }
        rounds.add(new Round(start, counts));
        rounds.removeIf(round -> start - round.startMillis() > RETAINED.toMillis());
        cluster.endFaults();
        long correctMillis = quietPoint();
        slowest = Math.max(slowest, correctMillis);
        memory.add(SoakMemory.measure(cluster.program));
        print("quiet point " + memory.size() + " after " + correctMillis + " ms; " + memory.get(memory.size() - 1));
    }

    /** Waits until the responses are correct for two beats, and returns the milliseconds until they were. */
    private long quietPoint() {
        long begin = System.nanoTime();
        awaitNone(line -> line.startsWith(SoakChecks.NO_RESPONSE), HEALS_WITHIN, Duration.ZERO);
        awaitNone(line -> line.startsWith("missing: process"), STARTS_WITHIN, Duration.ZERO);
        awaitNone(line -> !line.startsWith(SoakChecks.HISTORY), HEALS_WITHIN, Duration.ZERO);
        awaitNone(line -> true, UPLOADED_WITHIN, Duration.ZERO);
        long correctMillis = millisSince(begin);
        awaitNone(line -> true, HEALS_WITHIN, SoakCluster.BEAT.multipliedBy(2));
        return correctMillis;
    }

    private void awaitNone(Predicate<String> kind, Duration within, Duration during) {
        await().during(during)
                .atMost(within)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(differences().stream().filter(kind))
                        .as("seed " + seed)
                        .isEmpty());
    }

    private List<String> differences() throws Exception {
        SoakCounts counts = rounds.stream().map(Round::counts).reduce(SoakCounts.NONE, SoakCounts::plus);
        long window = SoakCluster.WINDOW.toMillis();
        long since = rounds.getFirst().startMillis() / window * window / 1_000;
        return SoakChecks.differences(cluster, counts, since);
    }

    /**
     * Asserts that the memory in the second half of the quiet points has grown by a factor at most since the first half, and prints
     * the injected faults. The minimum of each half is compared, because the heap after a collection varies.
     */
    void assertMemoryIsFlat(double factor) {
        int half = memory.size() / 2;
        SoakMemory first = SoakMemory.least(memory.subList(0, half));
        SoakMemory second = SoakMemory.least(memory.subList(half, memory.size()));
        print(memory.size() + " quiet points, the slowest after " + slowest + " ms; seed " + seed);
        print("faults " + faults.counts());
        print("rows of the runbook " + cluster.log.rows());
        print("first half: " + first + "; second half: " + second);
        assertThat(second.isWithin(factor, first))
                .as("%s (expected: at most %s times %s)", second, factor, first)
                .isTrue();
    }

    private static void pause(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(30)).until(() -> true);
    }

    private static void print(String line) {
        System.out.println("soak: " + line);
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }
}
