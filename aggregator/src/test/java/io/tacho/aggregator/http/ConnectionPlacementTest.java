// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static io.tacho.aggregator.http.ConnectionPlacement.REMOTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConnectionPlacementTest {

    private static final int SURPLUS = 16;

    private final ConnectionPlacement placement = new ConnectionPlacement(2);

    @Test
    void remoteClients_areSpreadEvenly() {
        assertThat(opened(REMOTE, 6)).containsExactly(0, 1, 0, 1, 0, 1);
    }

    @Test
    void remoteClient_isPlacedOnTheLoopWithTheFewestConnections() {
        opened(REMOTE, 4);
        placement.closed(REMOTE, 1);
        placement.closed(REMOTE, 1);

        assertThat(opened(REMOTE, 2)).containsExactly(1, 1);
    }

    @Test
    void shortRemoteConnections_areSpreadToo() {
        int loop = placement.opened(REMOTE);
        placement.closed(REMOTE, loop);

        assertThat(placement.opened(REMOTE)).isNotEqualTo(loop);
    }

    @Test
    void localClient_keepsItsLoop() {
        assertThat(opened(3, SURPLUS)).containsOnly(0);
    }

    @Test
    void localClientsOfTwoCpus_haveALoopEach_inAnyConnectOrder() {
        int[] loops = IntStream.range(0, 2 * SURPLUS)
                .map(i -> placement.opened(i % 2))
                .toArray();

        assertThat(loops).startsWith(0, 1, 0, 1).endsWith(0, 1, 0, 1);
        assertThat(IntStream.of(loops).sum()).isEqualTo(SURPLUS);
    }

    /** A loop that serves all clients would leave the other loops idle. */
    @Test
    void localProxyWithOneThread_isSpreadOverManyLoops() {
        ConnectionPlacement many = new ConnectionPlacement(8);
        int[] counts = new int[8];
        IntStream.range(0, 32).forEach(i -> counts[many.opened(0)]++);

        assertThat(counts).containsOnly(4);
    }

    @Test
    void twoThreadsOnOneCpu_connectInSequence_haveALoopEach() {
        assertThat(opened(0, SURPLUS)).containsOnly(0);
        assertThat(opened(0, SURPLUS)).containsOnly(1);
    }

    @Test
    void localClient_allConnectionsClosed_isRemoved() {
        opened(0, 1);
        placement.closed(0, 0);
        opened(REMOTE, 1);

        assertThat(placement.opened(0))
                .describedAs("the other one serves the remote client")
                .isEqualTo(0);
    }

    @Test
    void randomConnections_loopsDifferByAtMostTheSurplus() {
        Random random = new Random(1);
        int loops = 5;
        ConnectionPlacement many = new ConnectionPlacement(loops);
        int[] counts = new int[loops];
        for (int i = 0; i < 5_000; i++) {
            counts[many.opened(random.nextInt(-1, 3))]++;

            assertThat(IntStream.of(counts).max().orElseThrow()
                            - IntStream.of(counts).min().orElseThrow())
                    .isLessThanOrEqualTo(ConnectionPlacement.maxSurplus(loops));
        }
    }

    @Test
    void closedConnections_countsAreZero() {
        record Open(int cpu, int loop) {}
        Random random = new Random(2);
        Deque<Open> open = new ArrayDeque<>();
        for (int i = 0; i < 1_000; i++) {
            int cpu = random.nextInt(-1, 4);
            open.add(new Open(cpu, placement.opened(cpu)));
            if (i % 3 > 0) {
                Open oldest = open.remove();
                placement.closed(oldest.cpu(), oldest.loop());
            }
        }
        open.forEach(each -> placement.closed(each.cpu(), each.loop()));

        int first = placement.opened(0);
        assertThat(opened(0, SURPLUS - 1)).containsOnly(first);
        assertThat(placement.opened(1)).isNotEqualTo(first);
    }

    private int[] opened(int cpu, int times) {
        return IntStream.range(0, times).map(i -> placement.opened(cpu)).toArray();
    }
}
