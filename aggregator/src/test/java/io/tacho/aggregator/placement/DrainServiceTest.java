// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.NodeStatus;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.NodeCommand;
import io.tacho.store.NodeCommand.Action;
import io.tacho.store.SnapshotPublisher;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DrainServiceTest {

    private final ManualScheduler time = new ManualScheduler();
    private final InMemoryTransport transport = new InMemoryTransport(time);
    private final SnapshotPublisher agent = transport.publisher();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), time, 100);
    private final DrainService service = new DrainService(view, transport.commands(), time, time);
    private long seq = 1;

    @BeforeEach
    void start() {
        view.onLoaded(Snapshots.stored("u1", 1));
        view.subscription().onLoaded(0, view.subscription().onSubscribed(0));
    }

    private CompletableFuture<DrainResult> send(Action action) {
        CompletableFuture<DrainResult> result = service.send("u1", action).toCompletableFuture();
        time.runPending();
        return result;
    }

    /** Sends a beat of the agent, and returns the command in the reply. */
    private NodeCommand beat(boolean draining, String acknowledged) {
        SnapshotEnvelope beat = SnapshotEnvelope.builder(Snapshots.snapshot("u1", "name-u1"))
                .seq(++seq)
                .ttlMillis(15_000)
                .metricsIntervalSeconds(60)
                .status(new NodeStatus("host-1", 5_000, draining).withCommand(acknowledged))
                .build();
        NodeCommand command = agent.publish(beat).toCompletableFuture().join().command();
        view.onBeat(beat);
        time.advance(Duration.ofMillis(100));
        return command;
    }

    @Test
    void drain_nextBeat_acknowledges() {
        CompletableFuture<DrainResult> result = send(Action.DRAIN);
        NodeCommand received = beat(false, null);
        assertThat(received.action()).isEqualTo(Action.DRAIN);
        assertThat(result).isNotDone();

        beat(true, received.id());

        assertThat(result)
                .isCompletedWithValueMatching(done -> done.toString()
                        .equals("200 {\"uid\":\"u1\",\"name\":\"name-u1\",\"command\":\"drain\",\"state\":\"draining\","
                                + "\"changed\":true}"));
    }

    @Test
    void drain_repeated_changesNothing() {
        beat(true, "earlier");
        CompletableFuture<DrainResult> result = send(Action.DRAIN);

        beat(true, beat(true, "earlier").id());

        assertThat(result.join().toString()).startsWith("200 ").contains("\"state\":\"draining\",\"changed\":false");
    }

    @Test
    void undrain_returnsTheNode() {
        beat(true, "earlier");
        CompletableFuture<DrainResult> result = send(Action.UNDRAIN);

        beat(false, beat(true, "earlier").id());

        assertThat(result.join().toString()).startsWith("200 ").contains("\"state\":\"live\",\"changed\":true");
    }

    @Test
    void undrain_nodeDrainsItself_returnsConflict() {
        beat(true, null);
        CompletableFuture<DrainResult> result = send(Action.UNDRAIN);

        beat(true, beat(true, null).id());

        assertThat(result.join().toString())
                .startsWith("409 ")
                .contains("the node itself has announced that it leaves (expected: draining by a command)");
    }

    @Test
    void drainThenUndrain_laterCommandWins() {
        CompletableFuture<DrainResult> drain = send(Action.DRAIN);
        CompletableFuture<DrainResult> undrain = send(Action.UNDRAIN);
        NodeCommand received = beat(false, null);
        assertThat(received.action()).isEqualTo(Action.UNDRAIN);

        beat(false, received.id());

        assertThat(undrain.join().toString()).startsWith("200 ").contains("\"changed\":false");
        assertThat(drain.join().toString())
                .startsWith("409 ")
                .contains("a later command has replaced this one (expected: one at a time)");
    }

    @Test
    void unknownUid_isNotFound() {
        assertThat(service.send("u2", Action.DRAIN).toCompletableFuture().join().toString())
                .startsWith("404 ")
                .contains("no such node (expected: the uid of one that /nodes lists)");
    }

    @Test
    void beforeTheFirstLoad_isUnavailable() {
        DrainService early =
                new DrainService(new ClusterView(new SnapshotCodec(), time, 100), transport.commands(), time, time);

        assertThat(early.send("u1", Action.DRAIN).toCompletableFuture().join().toString())
                .startsWith("503 ")
                .contains("the nodes were not read from Redis yet");
    }

    @Test
    void staleNode_returnsConflict() {
        time.advance(Duration.ofSeconds(16));

        assertThat(send(Action.DRAIN).join().toString())
                .startsWith("409 ")
                .contains("the node is stale (expected: a live one, whose beats acknowledge commands)");
    }

    @Test
    void nodeLeavesBeforeAcknowledgment_returnsNotFound() {
        CompletableFuture<DrainResult> result = send(Action.DRAIN);
        view.onLeave(new LeaveEnvelope("u1", 100, null));

        time.advance(Duration.ofMillis(100));

        assertThat(result.join().toString()).startsWith("404 ").contains("the node has left before");
    }

    @Test
    void agentWithoutCommandSupport_timesOut_andTheCommandExpires() {
        CompletableFuture<DrainResult> result = send(Action.DRAIN);
        beat(false, null);
        time.advance(Duration.ofSeconds(11));
        assertThat(result).isNotDone();

        time.advance(Duration.ofSeconds(2));

        assertThat(result.join().toString())
                .startsWith("504 ")
                .contains("no beat of the node has acknowledged the command within 12s");
        time.advance(Duration.ofSeconds(60));
        assertThat(beat(false, null)).isNull();
    }

    @Test
    void storeFails_returnsUnavailable() {
        transport.disconnect();

        assertThat(send(Action.DRAIN).join().toString())
                .startsWith("503 ")
                .contains("the command was not stored in Redis: disconnected");
    }

    @Test
    void tooManyPendingCommands_areRejected() {
        for (int i = 0; i < DrainService.MAX_WAITING; i++) {
            send(Action.DRAIN);
        }

        assertThat(send(Action.DRAIN).join().toString()).startsWith("503 ").contains("100 commands wait already");
        time.advance(Duration.ofSeconds(13));
        assertThat(send(Action.DRAIN)).isNotDone();
    }
}
