// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.ClusterWindow;
import io.tacho.model.WindowSlot;
import io.tacho.store.ClusterClock;
import io.tacho.store.HistoryMark;
import io.tacho.store.WindowChanges;
import io.tacho.store.WindowHistory;
import io.tacho.testing.CapturedLog;
import io.tacho.testing.ManualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A store of which some partitions do not respond. */
@Isolated("reads the log")
class WindowPollerTest {

    private static final WindowSlot FIRST = new WindowSlot(60, 60_000);
    private static final WindowSlot SECOND = new WindowSlot(60, 120_000);
    private static final HistoryMark NEXT = new HistoryMark(List.of(7L, 7L));

    private final ManualScheduler ticker = new ManualScheduler();
    private final ClusterClock clock = new ClusterClock(ticker, ticker);
    private final WindowCache cache = new WindowCache();
    private final List<HistoryMark> requests = new ArrayList<>();
    private final WindowPoller poller = new WindowPoller(new Store(), cache, ticker, clock, ticker);
    private final CapturedLog log = CapturedLog.of(WindowPoller.class);
    private WindowChanges response = new WindowChanges(List.of(), NEXT);

    private final class Store implements WindowHistory {

        @Override
        public CompletionStage<WindowChanges> changedSince(HistoryMark mark, int limit, long maxBytes) {
            requests.add(mark);
            return CompletableFuture.completedFuture(response);
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void close() {
        log.close();
    }

    private static ClusterWindow window(WindowSlot slot, long nodes) {
        return ClusterWindow.builder(slot).nodeWindows(nodes).build();
    }

    private void poll(int missing, ClusterWindow... windows) {
        response = new WindowChanges(List.of(windows), NEXT, missing, 0);
        poller.poll();
        ticker.advance(Duration.ofSeconds(2));
    }

    @Test
    void clockDiffersFromRedis_redisTimeIsUsedAndLogged() {
        Instant right = ticker.instant().minus(Duration.ofDays(1));
        response = new WindowChanges(List.of(), NEXT, 0, right.toEpochMilli());
        try (CapturedLog warnings = CapturedLog.of(ClusterClock.class)) {
            poller.poll();
            ticker.advance(Duration.ofSeconds(2));

            assertThat(clock.instant()).isBetween(right, right.plusSeconds(3));
            assertThat(clock.problem())
                    .isEqualTo("the clock of this host differs from Redis' by 86400 s; windows are dated by Redis'");
            assertThat(warnings.warnings()).containsExactly(clock.problem());
        }
    }

    private List<Long> nodeWindows() {
        return cache.between(0, 1_000_000).stream()
                .map(cached -> cached.window().nodeWindows())
                .toList();
    }

    @Test
    void missingPartition_knownWindowsAreRetained_newWindowsAreAdded() {
        poll(0, window(FIRST, 9));

        poll(1, window(FIRST, 6), window(SECOND, 6));

        assertThat(nodeWindows()).containsExactly(9L, 6L);
        assertThat(poller.staleFor()).isPositive();
        poll(1, window(FIRST, 10));
        assertThat(nodeWindows()).containsExactly(10L, 6L);
        assertThat(requests).containsExactly(HistoryMark.START, NEXT, NEXT);

        poll(0, window(FIRST, 9), window(SECOND, 9));

        assertThat(requests).endsWith(NEXT, HistoryMark.START);
        assertThat(nodeWindows()).containsExactly(9L, 9L);
        assertThat(poller.staleFor()).isZero();
        assertThat(log.warnings())
                .containsExactly("history: 1 partitions of Redis do not respond; new windows lack their nodes");
    }

    @Test
    void start_missingPartition_othersAreLoadedOnce() {
        poll(1, window(FIRST, 6));
        poll(1);

        assertThat(nodeWindows()).containsExactly(6L);
        assertThat(requests).containsExactly(HistoryMark.START, NEXT);
    }
}
