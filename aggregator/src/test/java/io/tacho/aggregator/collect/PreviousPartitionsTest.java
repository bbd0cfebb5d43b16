// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import static io.tacho.testing.Snapshots.beat;
import static io.tacho.testing.Snapshots.leave;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.view.BeatEffect;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.SubscriptionState.PartitionStatus;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MembershipEvent;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.Partitions;
import io.tacho.store.SnapshotBatches;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One current partition and a previous one in another place: each node may be in either. */
class PreviousPartitionsTest {

    private static final Duration TTL = Duration.ofSeconds(15);
    private static final Duration CHECK = Duration.ofMillis(100);
    private static final int PREVIOUS = 1;
    private static final Partitions PARTITIONS = new Partitions(1, List.of(PREVIOUS));

    private final ManualScheduler ticker = new ManualScheduler();
    private final InMemoryTransport transport = new InMemoryTransport(ticker, PARTITIONS);
    private final SnapshotPublisher publisher = transport.publisher();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 100, PARTITIONS, Long.MAX_VALUE);
    private Collector collector;
    private @Nullable Runnable interrupted;

    @BeforeEach
    void start() {
        collector = new Collector(new InterruptedLoad(transport.source()), view, ticker, Duration.ofSeconds(1), ticker);
        collector.start();
        ticker.advance(CHECK);
        publisher.publish(beat("u1", 1));
        ticker.runPending();
        assertThat(uids()).containsExactly("u1");
    }

    @AfterEach
    void close() {
        collector.close();
    }

    private List<String> uids() {
        return view.nodeList().nodes().stream().map(KnownNode::uid).toList();
    }

    @Test
    void previousPartitionDisconnected_itsNodesAreNotLost() {
        transport.disconnect(PREVIOUS);
        ticker.advance(TTL.multipliedBy(3));

        assertThat(uids()).containsExactly("u1");
        assertThat(view.disconnectedNodeCount()).isEqualTo(1);
        assertThat(view.isConnected(view.find("u1").orElseThrow())).isFalse();

        transport.reconnect(PREVIOUS);
        ticker.advance(TTL);
        assertThat(uids()).as("within one TTL after the reconnect").containsExactly("u1");
        ticker.advance(CHECK.multipliedBy(2));
        assertThat(uids()).isEmpty();
        assertThat(view.metrics().eventTotal(MembershipEvent.LOST)).isEqualTo(1);
    }

    @Test
    void bothConnected_silentNode_isLostAfterItsTtl() {
        ticker.advance(TTL.plus(CHECK.multipliedBy(2)));

        assertThat(uids()).isEmpty();
    }

    /** An agent that was killed before its node was moved leaves an entry, which expires after one TTL. */
    @Test
    void movedNodeLeaves_entryInThePreviousPartition_isIgnored() {
        view.onLeave(leave("u1", 3));

        ticker.advance(TTL.minusSeconds(1));

        assertThat(view.onLoaded(new StoredSnapshot(beat("u1", 2), 1_000))).isEqualTo(BeatEffect.OUTDATED);
        assertThat(uids()).isEmpty();
    }

    @Test
    void movedNodeLeaves_entryOfItsFormerAgent_isIgnored() {
        view.onLeave(new LeaveEnvelope("u1", 3, "new-agent"));

        ticker.advance(TTL.minusSeconds(1));

        SnapshotEnvelope former = beat("u1", 2);
        SnapshotEnvelope entry = SnapshotEnvelope.builder(former.snapshot())
                .seq(former.seq())
                .ttlMillis(former.ttlMillis())
                .metricsIntervalSeconds(60)
                .status(former.status().withWriter("former-agent"))
                .build();
        assertThat(view.onLoaded(new StoredSnapshot(entry, 1_000))).isEqualTo(BeatEffect.OUTDATED);
        assertThat(uids()).isEmpty();
    }

    /** A node is silent, and the server of its previous partition does not respond to the request for its entry. */
    @Test
    void previousPartitionDoesNotRespond_currentPartitionIsUnaffected() {
        ticker.advance(TTL);
        transport.freeze(PREVIOUS, true);
        ticker.advance(CHECK.multipliedBy(3));

        assertThat(view.subscription().partitionStatuses())
                .extracting(PartitionStatus::state)
                .containsExactly("connected", "not_responding");
        assertThat(uids()).containsExactly("u1");

        transport.freeze(PREVIOUS, false);
        ticker.advance(Duration.ofSeconds(1));
        assertThat(view.status().isComplete()).isTrue();
        assertThat(uids()).as("within one TTL after the reconnect").containsExactly("u1");
        ticker.advance(TTL.plus(CHECK));
        assertThat(uids()).isEmpty();
    }

    /** The previous partition failed over after the request, so that the response may lack nodes that the server has lost. */
    @Test
    void previousPartitionReconnectsDuringARequest_itsSilentNodesAreNotLost() {
        interrupted = () -> {
            transport.disconnect(PREVIOUS);
            transport.reconnect(PREVIOUS);
        };
        ticker.advance(TTL.plus(CHECK));

        assertThat(interrupted).as("a suspect was loaded").isNull();
        assertThat(uids()).containsExactly("u1");
        assertThat(view.metrics().eventTotal(MembershipEvent.LOST)).isZero();

        ticker.advance(TTL.plus(CHECK));
        assertThat(uids()).isEmpty();
    }

    /** Runs an action between the request for the entries of nodes and the response. */
    private final class InterruptedLoad extends ForwardingSource {

        InterruptedLoad(SnapshotSource source) {
            super(source);
        }

        @Override
        public CompletionStage<Void> load(Collection<String> uids, SnapshotBatches batches) {
            if (interrupted != null) {
                interrupted.run();
                interrupted = null;
            }
            return super.load(uids, batches);
        }
    }
}
