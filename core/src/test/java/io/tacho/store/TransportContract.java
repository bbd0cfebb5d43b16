// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.ClusterWindow;
import io.tacho.model.Envelope.Conflict;
import io.tacho.model.Envelope.Writer;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeTotals.ProcessTotals;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.BeatResult.Outcome;
import io.tacho.store.NodeCommand.Action;
import io.tacho.testing.RecordingListener;
import io.tacho.testing.Snapshots;
import io.tacho.testing.Windows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/** The contract of every transport; each implementation extends this test. */
public abstract class TransportContract extends HistoryContract {

    private RecordingListener listener;

    protected abstract SnapshotSource source();

    protected abstract NodeCommands commands();

    /** Polls without an initial delay, because the in-memory transport delivers immediately. */
    private static ConditionFactory await() {
        return Awaitility.await().pollDelay(Duration.ZERO);
    }

    @Test
    void publish_isStored() throws Exception {
        SnapshotEnvelope beat = Snapshots.beat("u1", 1);
        subscribe();

        get(publisher().publish(beat));

        List<StoredSnapshot> stored = get(source().loadAll());
        assertThat(stored).extracting(StoredSnapshot::envelope).containsExactly(beat);
        assertThat(stored.get(0).remainingMillis()).isBetween(5_000L, Snapshots.TTL_MILLIS);
        assertThat(get(source().load(List.of("u1", "unknown")))).hasSize(1);
        assertThat(get(source().load(List.of("unknown")))).isEmpty();
    }

    @Test
    void publish_isReceivedBySubscribers() throws Exception {
        subscribe();

        get(publisher().publish(Snapshots.beat("u1", 1)));
        get(publisher().publish(Snapshots.beat("u2", 1)));
        get(publisher().publish(Snapshots.beat("u1", 2)));

        // messages of one node arrive in order; those of other nodes may arrive by another channel
        await().untilAsserted(() -> assertThat(listener.envelopes)
                .containsExactlyInAnyOrder(Snapshots.beat("u1", 1), Snapshots.beat("u2", 1), Snapshots.beat("u1", 2))
                .containsSubsequence(Snapshots.beat("u1", 1), Snapshots.beat("u1", 2)));
    }

    @Test
    void publish_seqNotAboveStoredSeq_isIgnored() throws Exception {
        subscribe();
        get(publisher().publish(Snapshots.beat("u1", "new", 5, 15_000)));

        get(publisher().publish(Snapshots.beat("u1", "late", 4, 15_000)));
        get(publisher().publish(Snapshots.beat("u1", "doubled", 5, 15_000)));

        assertThat(get(source().load(List.of("u1"))))
                .extracting(stored -> stored.envelope().snapshot().name())
                .containsExactly("new");
        get(publisher().publish(Snapshots.beat("u1", "last", 6, 15_000)));
        await().untilAsserted(() -> assertThat(listener.envelopes)
                .containsExactly(Snapshots.beat("u1", "new", 5, 15_000), Snapshots.beat("u1", "last", 6, 15_000)));
    }

    @Test
    void publish_entryExpiresAfterTtl() throws Exception {
        subscribe();
        get(publisher().publish(Snapshots.beat("long", "long", 1, 60_000)));
        get(publisher().publish(Snapshots.beat("short", "short", 1, 2_000)));
        assertThat(get(source().loadAll())).hasSize(2);

        elapse(Duration.ofMillis(2_200));

        assertThat(get(source().loadAll()))
                .extracting(stored -> stored.envelope().uid())
                .containsExactly("long");
    }

    @Test
    void publish_nextBeatRenewsTtl() throws Exception {
        subscribe();
        get(publisher().publish(Snapshots.beat("u1", "u1", 1, 300)));
        get(publisher().publish(Snapshots.beat("u1", "u1", 2, 60_000)));

        elapse(Duration.ofMillis(400));

        assertThat(get(source().loadAll())).hasSize(1);
    }

    @Test
    void leave_removesNode_isReceivedBySubscribers() throws Exception {
        subscribe();
        get(publisher().publish(Snapshots.beat("u1", 1)));

        get(publisher().leave(Snapshots.leave("u1", 2)));

        assertThat(get(source().loadAll())).isEmpty();
        await().untilAsserted(() ->
                assertThat(listener.envelopes).containsExactly(Snapshots.beat("u1", 1), Snapshots.leave("u1", 2)));
    }

    @Test
    void leave_seqBelowStoredSeq_isIgnored() throws Exception {
        subscribe();
        get(publisher().publish(Snapshots.beat("u1", 10)));

        get(publisher().leave(Snapshots.leave("u1", 9)));

        assertThat(get(source().loadAll())).hasSize(1);
    }

    @Test
    void publish_secondWriter_isRejectedAndReported() throws Exception {
        subscribe();
        get(publisher().publish(Snapshots.beatOf("a", "u1", 5, 5_000)));

        BeatResult second = get(publisher().publish(Snapshots.beatOf("b", "u1", 9, 5_000)));
        BeatResult first = get(publisher().publish(Snapshots.beatOf("a", "u1", 6, 5_000)));

        assertThat(second.outcome()).isEqualTo(Outcome.CONFLICT);
        assertThat(second.holder()).isEqualTo(new Writer("a", "host-a"));
        assertThat(second.seq()).isEqualTo(5);
        assertThat(second.silentMillis()).isBetween(0L, 5_000L);
        assertThat(first.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(get(source().load(List.of("u1"))))
                .extracting(stored -> stored.envelope().seq())
                .containsExactly(6L);
        await().untilAsserted(() -> assertThat(listener.envelopes)
                .containsExactly(
                        Snapshots.beatOf("a", "u1", 5, 5_000),
                        new Conflict("u1", 5, new Writer("a", "host-a"), new Writer("b", "host-b")),
                        Snapshots.beatOf("a", "u1", 6, 5_000)));
        assertThat(listener.malformed).isEmpty();
    }

    @Test
    void publish_secondWriter_isAcceptedAfterFirstHasLeft() throws Exception {
        subscribe();
        get(publisher().publish(Snapshots.beatOf("a", "u1", 5, 5_000)));

        get(publisher().leave(new LeaveEnvelope("u1", 10, "b")));
        assertThat(get(source().loadAll()))
                .as("leave of another writer is ignored")
                .hasSize(1);
        get(publisher().leave(new LeaveEnvelope("u1", 6, "a")));

        assertThat(get(publisher().publish(Snapshots.beatOf("b", "u1", 3, 5_000)))
                        .outcome())
                .isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void publish_secondWriter_isAcceptedAfterFirstIsSilentForTwoIntervals() throws Exception {
        subscribe();
        get(publisher().publish(Snapshots.beatOf("a", "u1", 5, 200)));

        elapse(Duration.ofMillis(600));

        BeatResult below = get(publisher().publish(Snapshots.beatOf("b", "u1", 3, 200)));
        assertThat(below.outcome()).as("seq must increase").isEqualTo(Outcome.OUTDATED);
        assertThat(below.seq()).isEqualTo(5);
        assertThat(get(publisher().publish(Snapshots.beatOf("b", "u1", 6, 200))).outcome())
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(get(publisher().publish(Snapshots.beatOf("a", "u1", 7, 200))).outcome())
                .isEqualTo(Outcome.CONFLICT);
    }

    @Test
    void publish_withoutWriter_isNotChecked() throws Exception {
        subscribe();
        get(publisher().publish(Snapshots.beatOf("a", "u1", 1, 5_000)));

        assertThat(get(publisher().publish(Snapshots.beat("u1", 2))).outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(get(publisher().publish(Snapshots.beatOf("b", "u1", 3, 5_000)))
                        .outcome())
                .isEqualTo(Outcome.ACCEPTED);
        get(publisher().leave(Snapshots.leave("u1", 4)));
        assertThat(get(source().loadAll())).isEmpty();
    }

    @Test
    void upload_ofTwoWriters_onlyUidHolderIsCounted() throws Exception {
        subscribe();
        get(publisher().publish(Snapshots.beatOf("a", "u1", 1, 5_000)));
        get(publisher().upload(uploadOf("a", 0, 7, null)));

        UploadResult rejected = get(publisher().upload(uploadOf("b", 0, 7, null)));
        UploadResult again = get(publisher().upload(uploadOf("b", 7, 8, null)));
        get(publisher().leave(new LeaveEnvelope("u1", 2, "a")));
        UploadResult unregistered = get(publisher().upload(uploadOf("b", 7, 8, null)));

        assertThat(List.of(rejected, again, unregistered))
                .allSatisfy(result -> assertThat(result.isConflict()).isTrue());
        assertThat(get(history().changedSince(HistoryMark.START, 10)).windows())
                .extracting(ClusterWindow::nodeWindows)
                .containsExactly(1L);
        get(publisher().publish(Snapshots.beatOf("b", "u1", 3, 5_000)));
        assertThat(get(publisher().upload(uploadOf("b", 7, 8, null)))).isEqualTo(UploadResult.of(8));
        assertThat(get(publisher().upload(uploadOf("a", 8, 9, null))).isConflict())
                .isTrue();
    }

    @Test
    void upload_highWaterMarkDiffers_returnsTotalsOfLastUpload() throws Exception {
        NodeTotals totals = new NodeTotals(1, 2, 3, 4, 5, 6, 7, 1L << 60, 9);
        ProcessTotals process = new ProcessTotals("1795367843.25", totals);
        get(publisher().upload(uploadOf("a", 0, 7, process)));

        assertThat(get(publisher().upload(uploadOf("a", 0, 8, null)))).isEqualTo(new UploadResult(7, false, process));
        get(publisher().upload(uploadOf("a", 7, 8, null)));
        assertThat(get(publisher().upload(uploadOf("a", 0, 9, null)))).isEqualTo(UploadResult.of(8));
    }

    private static WindowUpload uploadOf(String writer, long mark, long number, ProcessTotals totals) {
        return new WindowUpload(
                "u1",
                writer,
                Windows.HISTORY,
                mark,
                List.of(new WindowUpload.Numbered(number, Windows.minute(Windows.SLOT, 1), totals, false)));
    }

    @Test
    void loadUnknown_knownNodesAreNotLoaded() throws Exception {
        subscribe();
        get(publisher().publish(Snapshots.beat("u1", 1)));
        get(publisher().publish(Snapshots.beat("u2", 1)));

        List<SnapshotEnvelope> loaded = new ArrayList<>();
        for (int partition = 0; partition < source().partitions().count(); partition++) {
            int number = partition;
            get(source().loadUnknown(partition, "u1"::equals)).forEach(stored -> {
                assertThat(source().partitions().of(stored.envelope().uid())).isEqualTo(number);
                loaded.add(stored.envelope());
            });
        }
        assertThat(loaded).containsExactly(Snapshots.beat("u2", 1));
    }

    @Test
    void loadAll_emptyStore_returnsEmpty() throws Exception {
        subscribe();

        assertThat(get(source().loadAll())).isEmpty();
    }

    @Test
    void command_isReturnedToItsNodeByNextBeat() throws Exception {
        NodeCommand drain = new NodeCommand(Action.DRAIN, "c-1");
        assertThat(beat("u1", 1, null).command()).isNull();

        get(commands().send("u1", drain, Duration.ofMinutes(1)));

        BeatResult result = beat("u1", 2, null);
        assertThat(result.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(result.command()).isEqualTo(drain);
        assertThat(beat("u2", 1, null).command()).isNull();
    }

    @Test
    void command_replacesPreviousOne() throws Exception {
        NodeCommand undrain = new NodeCommand(Action.UNDRAIN, "c-2");

        get(commands().send("u1", new NodeCommand(Action.DRAIN, "c-1"), Duration.ofMinutes(1)));
        get(commands().send("u1", undrain, Duration.ofMinutes(1)));

        assertThat(beat("u1", 1, null).command()).isEqualTo(undrain);
    }

    @Test
    void command_expires_unlessDrainIsAcknowledged() throws Exception {
        get(commands().send("u1", new NodeCommand(Action.DRAIN, "c-1"), Duration.ofMillis(500)));
        get(commands().send("u2", new NodeCommand(Action.DRAIN, "c-2"), Duration.ofMillis(500)));
        get(commands().send("u3", new NodeCommand(Action.UNDRAIN, "c-3"), Duration.ofMillis(500)));
        beat("u1", 1, "c-1");
        beat("u2", 1, null);
        beat("u3", 1, "c-3");

        elapse(Duration.ofMillis(600));

        assertThat(beat("u1", 2, null).command()).isEqualTo(new NodeCommand(Action.DRAIN, "c-1"));
        assertThat(beat("u2", 2, null).command()).isNull();
        assertThat(beat("u3", 2, null).command()).isNull();
    }

    private BeatResult beat(String uid, long seq, String acknowledged) throws Exception {
        SnapshotEnvelope plain = Snapshots.beat(uid, seq);
        return get(publisher()
                .publish(SnapshotEnvelope.builder(plain.snapshot())
                        .seq(seq)
                        .ttlMillis(plain.ttlMillis())
                        .metricsIntervalSeconds(plain.metricsIntervalSeconds())
                        .status(plain.status().withCommand(acknowledged))
                        .build()));
    }

    private void subscribe() {
        listener = new RecordingListener(source().partitions().count());
        source().start(listener);
        await().until(() -> listener.subscribed.get() == 1);
    }
}
