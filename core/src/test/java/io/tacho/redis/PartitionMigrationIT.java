// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.batch;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.ClusterWindow;
import io.tacho.model.MalformedSnapshotException.Reason;
import io.tacho.model.TotalField;
import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodCalendar;
import io.tacho.model.period.PeriodSummary;
import io.tacho.model.period.Tier;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.BeatResult;
import io.tacho.store.HistoryMark;
import io.tacho.store.NodeCommand;
import io.tacho.store.NodeCommands;
import io.tacho.store.PeriodStore;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.store.StoredSnapshot;
import io.tacho.store.TierRetention;
import io.tacho.store.WindowHistory;
import io.tacho.testing.RecordingListener;
import io.tacho.testing.RedisExtension;
import io.tacho.testing.Resources;
import io.tacho.testing.Snapshots;
import java.math.BigInteger;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Readers of the current and the previous partitions while nodes move from the previous to the current ones. */
class PartitionMigrationIT {

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static final List<String> NODES =
            IntStream.range(0, 40).mapToObj(i -> "n" + i).toList();
    private static final Duration COMMAND_TTL = Duration.ofMinutes(1);

    private final RedisSettings namespace = redis.settings();

    @AutoClose
    private final Resources resources = new Resources();

    private RedisSettings settings(int partitions) {
        return namespace.withPartitions(partitions);
    }

    private RedisTransport transport(RedisSettings settings) {
        return resources.closeLater(new RedisTransport(settings, new SnapshotCodec()));
    }

    private SnapshotPublisher publisher(int partitions) {
        return resources.closeLater(transport(settings(partitions)).publisher());
    }

    private SnapshotSource subscribed(RedisSettings settings, RecordingListener listener) {
        SnapshotSource source = resources.closeLater(transport(settings).source());
        source.start(listener);
        await().until(() -> listener.subscribed.get() == 1);
        return source;
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private static List<Long> seqs(List<StoredSnapshot> entries) {
        return entries.stream().map(entry -> entry.envelope().seq()).toList();
    }

    @ParameterizedTest
    @CsvSource({"1, 8, 8", "8, 1, 8", "3, 8, 10", "8, 16, 16"})
    void nodesOfBothLayouts_areLoadedAndReceived(int before, int after, int followed) throws Exception {
        SnapshotPublisher old = publisher(before);
        SnapshotPublisher moved = publisher(after);
        RecordingListener listener = new RecordingListener(followed);
        SnapshotSource source = subscribed(settings(after).withPreviousPartitions(before), listener);
        assertThat(source.partitions().count()).isEqualTo(followed);

        for (String uid : NODES.subList(0, 20)) {
            get(old.publish(Snapshots.beat(uid, 1)));
        }
        for (String uid : NODES.subList(20, 40)) {
            get(moved.publish(Snapshots.beat(uid, 1)));
        }

        assertThat(get(source.loadAll()))
                .extracting(entry -> entry.envelope().uid())
                .containsExactlyInAnyOrderElementsOf(NODES);
        assertThat(get(source.load(NODES))).hasSize(NODES.size());
        await().until(() -> listener.envelopes.size() == NODES.size());
        assertThat(listener.malformed).isEmpty();
    }

    @Test
    void movedNode_entryWithHigherSeqIsLoaded_fromEitherPartition() throws Exception {
        SnapshotPublisher old = publisher(1);
        SnapshotPublisher moved = publisher(8);
        SnapshotSource source = resources.closeLater(
                transport(settings(8).withPreviousPartitions(1)).source());
        source.start(new RecordingListener(8));
        for (String uid : NODES) {
            get(old.publish(Snapshots.beat(uid, 1)));
            get(moved.publish(Snapshots.beat(uid, 2)));
        }
        assertThat(seqs(get(source.load(NODES)))).hasSize(NODES.size()).containsOnly(2L);

        for (String uid : NODES) {
            get(old.publish(Snapshots.beat(uid, 3)));
        }

        assertThat(seqs(get(source.load(NODES)))).hasSize(NODES.size()).containsOnly(3L);
    }

    @Test
    void command_isReceivedInEitherPartition() throws Exception {
        SnapshotPublisher old = publisher(1);
        SnapshotPublisher moved = publisher(8);
        NodeCommands commands = resources.closeLater(
                transport(settings(8).withPreviousPartitions(1)).commands());
        NodeCommand drain = new NodeCommand(NodeCommand.Action.DRAIN, "d1");

        for (String uid : NODES) {
            get(commands.send(uid, drain, COMMAND_TTL));

            assertThat(get(old.publish(Snapshots.beat(uid, 1))))
                    .extracting(BeatResult::command)
                    .isEqualTo(drain);
            assertThat(get(moved.publish(Snapshots.beat(uid, 2))))
                    .extracting(BeatResult::command)
                    .isEqualTo(drain);
        }
    }

    @Test
    void agentsWithDifferentPartitionCount_areReported_untilTheyExpire() throws Exception {
        SnapshotPublisher others = publisher(1);
        RecordingListener listener = new RecordingListener(8);
        SnapshotSource source = subscribed(settings(8), listener);
        for (String uid : NODES) {
            get(others.publish(Snapshots.beat(uid, uid, 1, 3_000)));
        }

        List<StoredSnapshot> found = get(source.loadUnknown(0, uid -> false));

        assertThat(found)
                .extracting(entry -> entry.envelope().uid())
                .isNotEmpty()
                .allMatch(uid -> source.partitions().of(uid) == 0);
        assertThat(listener.malformed).hasSize(10).allSatisfy(problem -> {
            assertThat(problem.reason()).isEqualTo(Reason.WRONG_PARTITION);
            assertThat(problem)
                    .hasMessageMatching("node n\\d+: in \\{.+:0} \\(expected: in \\{.+:[1-9]\\d*};"
                            + " its agent has another number of partitions\\)");
        });
        await().untilAsserted(() -> {
            listener.malformed.clear();
            get(source.loadUnknown(0, uid -> false));
            assertThat(listener.malformed).isEmpty();
        });
    }

    /** After an increase to a multiple all history is in current partitions; otherwise it is read while previous-partitions is set. */
    @ParameterizedTest
    @CsvSource({"1, 8, 8", "8, 16, 16", "3, 8, 3", "8, 1, 8"})
    void history_isSumOfBothLayouts_duringAndAfterMigration(int before, int after, int previousPartitionsAfter)
            throws Exception {
        long nodeWindows = 0;
        SnapshotPublisher old = publisher(before);
        SnapshotPublisher moved = publisher(after);
        for (String uid : NODES) {
            get(old.upload(batch(uid, 0, 1, minute(SLOT, 1))));
            get(moved.upload(batch(uid + "-moved", 0, 2, minute(SLOT, 1))));
            get(moved.upload(batch(uid + "-moved", 2, 3, minute(SLOT + 60_000, 1))));
            nodeWindows += 3;
        }
        RedisSettings both = settings(after).withPreviousPartitions(before);
        assertHistory(both, nodeWindows);
        Period hour = new PeriodCalendar(ZoneId.of("UTC")).containing(Tier.HOUR, SLOT / 1_000);
        PeriodStore store = resources.closeLater(transport(both).periods(TierRetention.DEFAULT));
        List<Period> windows = List.copyOf(
                        get(store.index(Tier.WINDOW)).changes().keySet())
                .stream()
                .sorted()
                .toList();
        assertThat(get(store.rollUp(hour, windows))).isTrue();
        PeriodSummary during = get(store.read(List.of(hour))).get(hour);
        assertThat(during.nodeWindows()).isEqualTo(nodeWindows);
        assertThat(during.numbers()).containsEntry("seconds", BigInteger.valueOf(120));

        RedisSettings afterMigration = previousPartitionsAfter == after
                ? settings(after)
                : settings(after).withPreviousPartitions(previousPartitionsAfter);
        assertHistory(afterMigration, nodeWindows);
        PeriodStore periodsAfterMigration =
                resources.closeLater(transport(afterMigration).periods(TierRetention.DEFAULT));
        assertThat(get(periodsAfterMigration.read(List.of(hour)))).containsEntry(hour, during);
        assertThat(get(periodsAfterMigration.rollUp(hour, windows)))
                .as("roll-up without changes")
                .isFalse();
        assertThat(get(periodsAfterMigration.restore(hour, during))).isFalse();
    }

    private void assertHistory(RedisSettings settings, long nodeWindows) throws Exception {
        WindowHistory history = resources.closeLater(transport(settings).history());
        assertThat(get(history.changedSince(HistoryMark.START, 10)).windows())
                .hasSize(2)
                .satisfies(windows -> assertThat(windows.stream().mapToLong(ClusterWindow::nodeWindows))
                        .containsExactly(nodeWindows / 3 * 2, nodeWindows / 3))
                .satisfies(windows -> assertThat(windows.stream()
                                .mapToLong(window -> TotalField.NUM_MSG_SENT.of(window.sums()))
                                .sum())
                        .isEqualTo(3 * nodeWindows));
    }
}
