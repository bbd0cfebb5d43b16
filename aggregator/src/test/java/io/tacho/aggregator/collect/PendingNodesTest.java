// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import static io.tacho.testing.Snapshots.beat;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.store.SnapshotBatches;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class PendingNodesTest {

    private final PendingNodes pending = new PendingNodes(1);

    @Test
    void add_beyondTheLimit_isRejected() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(pending.add("u" + i, 1)).isTrue();
        }
        assertThat(pending.add("one-more", 1)).isFalse();
        assertThat(pending.add("u1", 1)).as("already pending").isTrue();

        assertThat(pending.removeOldest((uid, seq) -> uid.equals("u1")))
                .hasSize(1_000)
                .startsWith("u0", "u2");
        assertThat(pending.add("one-more", 1)).isTrue();
    }

    @Test
    void addLatest_full_replacesTheOldest() {
        for (int i = 0; i < 10_000; i++) {
            pending.addLatest("u" + i, 1);
        }
        pending.addLatest("u0", 2);
        pending.addLatest("one-more", 1);

        assertThat(pending.removeOldest((uid, seq) -> false)).startsWith("u2", "u3");
        for (int i = 0; i < 8; i++) {
            pending.removeOldest((uid, seq) -> false);
        }
        assertThat(pending.removeOldest((uid, seq) -> false)).endsWith("u9999", "u0", "one-more");
    }

    @Test
    void pendingNode_knownByAnEarlierBeat_staysPending() {
        pending.add("u1", 5);
        pending.add("u1", 4);
        pending.add("u2", 5);

        assertThat(pending.removeOldest((uid, seq) -> seq <= (uid.equals("u1") ? 4 : 5)))
                .containsExactly("u1");
    }

    @Test
    void beatWhileAnEntryIsRead_isNotMissed() {
        ManualScheduler ticker = new ManualScheduler();
        InMemoryTransport transport = new InMemoryTransport(ticker);
        SnapshotPublisher publisher = transport.publisher();
        publisher.publish(beat("u1", 1));
        ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 100);
        Runnable beat = () -> publisher.publish(beat("u1", 2));
        try (Collector collector = new Collector(
                new InterruptedLoad(transport.source(), beat), view, ticker, Duration.ofSeconds(1), ticker)) {
            collector.start();
            ticker.advance(Duration.ofMillis(500));
            ticker.advance(Duration.ofMillis(100));

            assertThat(view.find("u1").orElseThrow().seq()).isEqualTo(2);
        }
    }

    /** Runs an action when the entries of a partition have been read. */
    private static final class InterruptedLoad extends ForwardingSource {

        private final Runnable action;

        InterruptedLoad(SnapshotSource source, Runnable action) {
            super(source);
            this.action = action;
        }

        @Override
        public CompletionStage<Void> loadUnknown(int partition, Predicate<String> known, SnapshotBatches batches) {
            return super.loadUnknown(partition, known, batch -> {
                action.run();
                return batches.accept(batch);
            });
        }
    }
}
