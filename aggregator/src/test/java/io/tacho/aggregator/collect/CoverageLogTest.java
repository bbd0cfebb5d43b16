// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import static io.tacho.testing.Snapshots.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.view.BeatEffect;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.concurrent.RateLimitedLog;
import io.tacho.store.Partitions;
import io.tacho.testing.CapturedLog;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Tests what the collector logs about its partitions and about rejected beats. */
@Isolated("reads the log")
class CoverageLogTest {

    private final ManualTicker ticker = new ManualTicker();
    private final Partitions partitions = new Partitions(2);
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 50, partitions, Long.MAX_VALUE);
    private final CoverageLog log = new CoverageLog(view, ticker);
    private final CapturedLog captured = CapturedLog.of(Collector.class);
    private String problem = "";

    @AfterEach
    void close() {
        captured.close();
    }

    /** Calls the log several times, as the collector does, and returns the new lines. */
    private List<String> lines() {
        int before = captured.lines().size();
        for (int i = 0; i < 3; i++) {
            log.log(() -> Stream.of("", problem));
        }
        return List.copyOf(captured.lines().subList(before, captured.lines().size()));
    }

    private void load(int... numbers) {
        for (int partition : numbers) {
            view.subscription().onLoaded(partition, view.subscription().onSubscribed(partition));
        }
    }

    private void disconnect(int... numbers) {
        IntStream.of(numbers).forEach(view.subscription()::onDisconnected);
    }

    @Test
    void start_allPartitionsLoaded_numberOfNodesIsLoggedOnce() {
        assertThat(lines()).isEmpty();
        load(0);
        view.onLoaded(stored("u1", 1));
        assertThat(lines()).isEmpty();

        load(1);
        assertThat(lines()).containsExactly("INFO following 1 nodes");
    }

    @Test
    void start_unreachablePartition_isLogged() {
        load(0);
        problem = "timeout";
        ticker.advance(Duration.ofSeconds(3));
        view.subscription().becomeReadyWithoutUnreachable();

        assertThat(lines())
                .containsExactly(
                        "WARN 1 of 2 partitions are disconnected: keeping the last view of their 0 nodes: timeout");
    }

    @Test
    void disconnectedPartition_isLoggedWithNodesAndCause_soIsItsReconnect() {
        load(0, 1);
        IntStream.range(0, 30).forEach(i -> view.onLoaded(stored("u" + i, 1)));
        lines();
        disconnect(1);

        long nodes =
                IntStream.range(0, 30).filter(i -> partitions.of("u" + i) == 1).count();
        assertThat(lines())
                .containsExactly(
                        "WARN 1 of 2 partitions are disconnected: keeping the last view of their " + nodes + " nodes");
        load(1);
        assertThat(lines()).containsExactly("INFO following 30 nodes");
        assertThat(lines()).isEmpty();
    }

    @Test
    void allDisconnected_isLoggedWithTheCauseIfKnown() {
        load(0, 1);
        lines();
        disconnect(0, 1);
        assertThat(lines()).containsExactly("WARN Redis is disconnected: keeping the last view of 0 nodes");
        load(0, 1);
        lines();

        ticker.advance(Duration.ofMinutes(1));
        problem = "NOPERM";
        disconnect(0, 1);
        assertThat(lines())
                .containsExactly("WARN Redis does not respond as expected: keeping the last view of 0 nodes: NOPERM");
    }

    @Test
    void flappingPartition_isLoggedOncePerMinute_unlessItStaysDisconnected() {
        load(0, 1);
        lines();
        disconnect(1);
        assertThat(lines()).hasSize(1);
        for (int i = 0; i < 20; i++) {
            load(1);
            lines();
            disconnect(1);
            assertThat(lines()).isEmpty();
            ticker.advance(Duration.ofSeconds(2));
        }
        ticker.advance(Duration.ofSeconds(3));
        assertThat(lines()).as("disconnected for five seconds").hasSize(1);
    }

    @Test
    void beats_outdatedAndRejected_areCounted_rejectedAreLoggedOncePerMinute() {
        BeatEffectCounter counter = new BeatEffectCounter(view, new RateLimitedLog(ticker));
        for (BeatEffect effect : BeatEffect.values()) {
            counter.count(effect);
        }
        counter.count(BeatEffect.REJECTED);
        counter.reject("too many unknown nodes");

        assertThat(view.metrics().outdated()).isEqualTo(1);
        assertThat(view.metrics().rejected()).isEqualTo(3);
        ticker.advance(Duration.ofMinutes(1));
        counter.reject("too many unknown nodes");
        assertThat(captured.warnings())
                .containsExactly(
                        "nodes rejected (1 so far): the view is full; max-nodes is 50",
                        "nodes rejected (4 so far): too many unknown nodes");
    }
}
