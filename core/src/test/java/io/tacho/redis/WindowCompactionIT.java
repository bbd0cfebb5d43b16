// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.batch;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RestoreArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.tacho.codec.SnapshotCodec;
import io.tacho.codec.WindowCodec;
import io.tacho.model.ClusterWindow;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowSlot;
import io.tacho.model.period.Period;
import io.tacho.model.period.Tier;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.HistoryMark;
import io.tacho.store.PeriodStore;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.TierRetention;
import io.tacho.store.WindowHistory;
import io.tacho.store.WindowMerge;
import io.tacho.store.WindowUpload;
import io.tacho.testing.RandomWindows;
import io.tacho.testing.RedisExtension;
import io.tacho.testing.Resources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Merges of window entries by uploading agents: readers see the same window before, during and after a merge. */
class WindowCompactionIT {

    private static final WindowSlot MINUTE = new WindowSlot(60, SLOT);

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @AutoClose
    private final Resources resources = new Resources();

    private final RedisSettings settings = redis.settings();
    private final RedisTransport transport = resources.closeLater(new RedisTransport(settings, new SnapshotCodec()));
    private final SnapshotPublisher publisher = resources.closeLater(transport.publisher());
    private final WindowHistory history = resources.closeLater(transport.history());
    private final RedisCommands<String, byte[]> commands = redis.binaryCommands();
    private final RedisAsyncCommands<String, byte[]> async =
            commands.getStatefulConnection().async();
    private final RedisKeyspace keyspace = new RedisKeyspace(settings.namespace(), 1);
    private final String entry = keyspace.window(0, MINUTE);

    private void upload(int node, NodeWindow window) throws Exception {
        get(publisher.upload(batch("u" + node, 0, 1, window)));
    }

    private void compact() throws Exception {
        get(WindowCompaction.run(async, keyspace, 0, MINUTE));
    }

    private ClusterWindow read() throws Exception {
        return get(history.changedSince(HistoryMark.START, 10)).windows().stream()
                .filter(window -> window.startMillis() == SLOT)
                .findFirst()
                .orElseThrow();
    }

    private List<String> values() {
        return commands.hkeys(entry).stream().filter(name -> name.contains(":")).toList();
    }

    @Test
    void merge_leavesOneValue_windowIsUnchanged() throws Exception {
        Random random = new Random(42);
        for (int node = 0; node < 20; node++) {
            upload(node, RandomWindows.next(random, SLOT));
        }
        ClusterWindow before = read();
        long ttl = commands.pttl(entry);

        compact();

        assertThat(values()).singleElement().asString().startsWith("20:");
        assertThat(read()).isEqualTo(before);
        assertThat(commands.pttl(entry)).isBetween(ttl - 60_000, ttl);
        upload(20, minute(SLOT, 1));
        assertThat(values()).hasSize(2).contains("21:u20:1");
    }

    /** Concurrent uploads, merges and reads: no read counts a value twice. */
    @Test
    void concurrentUploadsAndMerges_areExact() throws Exception {
        Random random = new Random(43);
        List<ClusterWindow> expected = new ArrayList<>();
        List<CompletableFuture<?>> running = new ArrayList<>();
        long seen = 0;
        for (int node = 0; node < 600; node++) {
            NodeWindow window = minute(SLOT, 1 + random.nextInt(1_000), 1 + random.nextInt(1_000_000));
            expected.add(WindowMerge.ofNode(new WindowUpload.Numbered(1, window)));
            running.add(publisher.upload(batch("u" + node, 0, 1, window)).toCompletableFuture());
            if (node % 5 == 0) {
                running.add(WindowCompaction.run(async, keyspace, 0, MINUTE).toCompletableFuture());
            }
            if (node % 50 == 49) {
                get(running.get(running.size() / 2));
                ClusterWindow part = read();
                assertThat(part.nodeWindows()).isPositive().isBetween(seen, (long) expected.size());
                assertThat(part.detail().timeApi().decode().count()).isEqualTo(part.nodeWindows());
                seen = part.nodeWindows();
            }
        }
        get(CompletableFuture.allOf(running.toArray(new CompletableFuture<?>[0])));

        assertThat(read()).isEqualTo(WindowMerge.merge(expected));
        compact();
        assertThat(read()).isEqualTo(WindowMerge.merge(expected));
        assertThat(new String(commands.hget(entry, "windows"))).isEqualTo("600");
    }

    @Test
    void entryOfManyNodes_isMergedByUploaders() throws Exception {
        Random random = new Random(44);
        List<NodeWindow> windows = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            windows.add(RandomWindows.next(random, SLOT));
        }
        for (int node = 0; node < 300; node++) {
            upload(node, windows.get(node % 10));
        }

        await().untilAsserted(() -> assertThat(values()).hasSizeLessThan(2 * 32));
        assertThat(read().nodeWindows()).isEqualTo(300);
        upload(300, minute(SLOT + 60_000, 1));
        await().untilAsserted(() ->
                assertThat(values()).as("values of the complete previous slot").hasSize(1));
        assertThat(commands.memoryUsage(entry)).as("bytes of the entry").isLessThan(200_000);
        assertThat(read().nodeWindows()).isEqualTo(300);
    }

    @Test
    void agentKilledWhileMerging_anotherAgentMerges() throws Exception {
        for (int node = 0; node < 10; node++) {
            upload(node, minute(SLOT, 1));
        }
        // simulates many more uploads, and a merging agent that was killed just now
        commands.hset(entry, "windows", "100".getBytes());
        commands.hset(entry, "merged", "10".getBytes());
        commands.hset(
                entry,
                "merging",
                new String(commands.time().get(0)).concat("000").getBytes());
        upload(10, minute(SLOT, 1));
        assertThat(values()).as("the lock of the killed agent is still valid").hasSize(11);
        commands.hset(entry, "merging", "1".getBytes());

        upload(11, minute(SLOT, 1));

        await().untilAsserted(() -> assertThat(values()).hasSize(1));
        assertThat(read().nodeWindows()).isEqualTo(12);
        assertThat(commands.hexists(entry, "merging")).isFalse();
    }

    /** A merge of values read before a failover is not written to the new master. */
    @Test
    void lostWrites_mergeOfLostValues_isRejected() throws Exception {
        upload(1, minute(SLOT, 1));
        byte[] older = commands.dump(entry);
        upload(2, minute(SLOT, 10));
        List<String> read = values();
        ClusterWindow merge = read();
        commands.restore(entry, older, RestoreArgs.Builder.ttl(3_600_000).replace());
        upload(3, minute(SLOT, 100));

        byte[][] arguments = {
            new byte[0],
            "2:merge".getBytes(),
            WindowCodec.write(merge),
            read.get(0).getBytes(),
            read.get(1).getBytes()
        };
        long replaced = get(RedisScript.COMPACT.<Long>run(async, new String[] {entry, keyspace.windows(0)}, arguments));

        assertThat(replaced).isZero();
        assertThat(read().sums().numMsgPublished()).isEqualTo(101);
        upload(2 + 100, minute(SLOT, 10));
        compact();
        assertThat(read().sums().numMsgPublished()).isEqualTo(111);
    }

    @Test
    void lostMerge_windowIsUnchanged() throws Exception {
        for (int node = 0; node < 5; node++) {
            upload(node, minute(SLOT, 1, 425));
        }
        byte[] older = commands.dump(entry);
        ClusterWindow before = read();
        compact();
        commands.restore(entry, older, RestoreArgs.Builder.ttl(3_600_000).replace());

        assertThat(read()).isEqualTo(before);
        compact();
        assertThat(read()).isEqualTo(before);
    }

    @Test
    void entryEvicted_nextUploadStartsAtZero() throws Exception {
        upload(1, minute(SLOT, 1));
        upload(2, minute(SLOT, 1));
        compact();
        commands.del(entry);

        compact();
        assertThat(commands.exists(entry))
                .as("merge does not recreate the entry")
                .isZero();
        upload(3, minute(SLOT, 100));

        assertThat(read().sums().numMsgPublished()).isEqualTo(100);
    }

    @Test
    void invalidValues_areNotMerged() throws Exception {
        upload(1, minute(SLOT, 1));
        byte[] later = {(byte) 0x81, (byte) 0xa1, 'v', 2};
        commands.hset(entry, "2:u2:1", later);
        commands.hset(entry, "3:u3:1", "garbage".getBytes());
        commands.hset(entry, "addition", "of a later version".getBytes());
        upload(4, minute(SLOT, 10));

        compact();

        assertThat(read().sums().numMsgPublished()).isEqualTo(11);
        assertThat(commands.hget(entry, "2:u2:1")).isEqualTo(later);
        assertThat(commands.hkeys(entry)).contains("3:u3:1", "addition").doesNotContain("1:u1:1");
    }

    @Test
    void entryWithThousandsOfValues_isMergedInSteps() throws Exception {
        byte[] value = WindowCodec.write(WindowMerge.ofNode(new WindowUpload.Numbered(1, minute(SLOT, 1))));
        for (int n = 1; n <= 2_500; n++) {
            async.hset(entry, n + ":u" + n + ":1", value);
        }
        commands.pexpire(entry, 60_000);
        commands.zadd(keyspace.windows(0), 1, SlotMember.of(MINUTE).getBytes());
        assertThat(read().nodeWindows()).isEqualTo(2_500);

        compact();

        assertThat(values()).hasSize(1);
        assertThat(read().nodeWindows()).isEqualTo(2_500);
        assertThat(commands.zscore(keyspace.windows(0), SlotMember.of(MINUTE).getBytes()))
                .as("score is updated for readers that skipped the entry as too large")
                .isGreaterThan(1);
    }

    /** The two valid values are stored after one full batch of invalid ones. */
    @Test
    void manyInvalidValues_validOnesAreMerged() throws Exception {
        for (int n = 1; n <= WindowCompaction.MAX_VALUES; n++) {
            commands.hset(entry, n + ":u" + n + ":1", "garbage".getBytes());
        }
        commands.hset(
                entry, "windows", Integer.toString(WindowCompaction.MAX_VALUES).getBytes());
        upload(1_001, minute(SLOT, 1));
        upload(1_002, minute(SLOT, 10));

        compact();

        assertThat(values()).hasSize(WindowCompaction.MAX_VALUES + 1);
        assertThat(read().sums().numMsgPublished()).isEqualTo(11);
    }

    @Test
    void hourRollUp_isRepeatedAfterUpload_notAfterMerge() throws Exception {
        Period hour = new Period(Tier.HOUR, SLOT / 1_000 / 3_600 * 3_600, 3_600);
        List<Period> sources = List.of(Period.of(MINUTE));
        upload(1, minute(SLOT, 1));
        upload(2, minute(SLOT, 10));
        try (PeriodStore periods = transport.periods(TierRetention.DEFAULT)) {
            assertThat(get(periods.rollUp(hour, sources))).isTrue();

            compact();

            assertThat(get(periods.rollUp(hour, sources)))
                    .as("roll-up after a merge")
                    .isFalse();
            upload(3, minute(SLOT, 100));
            assertThat(get(periods.rollUp(hour, sources))).isTrue();
            assertThat(get(periods.read(List.of(hour))).get(hour).number("num_msg_published"))
                    .isEqualTo(111);
        }
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS);
    }
}
