// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.batch;
import static io.tacho.testing.Windows.histogram;
import static io.tacho.testing.Windows.minute;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.lettuce.core.api.sync.RedisCommands;
import io.tacho.codec.MessagePack;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.ClusterWindow;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HistogramBuckets;
import io.tacho.sketch.HyperLogLog;
import io.tacho.store.HistoryMark;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.WindowHistory;
import io.tacho.store.WindowUpload;
import io.tacho.testing.RedisExtension;
import io.tacho.testing.Resources;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redis keys and values of uploads, and uploads over invalid values. */
class WindowUploadIT {

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @AutoClose
    private final Resources resources = new Resources();

    private final RedisSettings settings = redis.settings();
    private final RedisTransport transport = resources.closeLater(new RedisTransport(settings, new SnapshotCodec()));
    private final SnapshotPublisher publisher = resources.closeLater(transport.publisher());
    private final WindowHistory history = resources.closeLater(transport.history());
    private final RedisCommands<String, String> commands = redis.commands();
    private final RedisCommands<String, byte[]> bytes = redis.binaryCommands();
    private final String tag = "{" + settings.namespace() + ":0}";
    private final String entry = tag + ":window:60:" + SLOT;
    private final String index = tag + ":windows";
    private final String mark = tag + ":uploaded:u1";

    @Test
    void upload_keysMatchWireContract() throws Exception {
        get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1, 425))));

        assertThat(commands.hgetall(entry)).containsEntry("windows", "1").containsOnlyKeys("windows", "1:u1:7");
        Map<String, Object> value = Map.ofEntries(
                entry("v", 1L),
                entry("node_windows", 1L),
                entry("num_msg_published", 1L),
                entry("num_msg_queued", 2L),
                entry("num_msg_sent", 3L),
                entry("num_api_requests", 4L),
                entry("num_client_requests", 5L),
                entry("bytes_client_in", 6L),
                entry("bytes_client_out", 7L),
                entry("time_api_sum", 8L),
                entry("time_client_sum", 9L),
                entry("num_goroutine", 10L),
                entry("num_clients", 11L),
                entry("num_unique_clients", 12L),
                entry("num_channels", 13L),
                entry("memory_sys", 14L),
                entry("cpu_usage", 15L),
                entry("time_api_max", 16L),
                entry("time_client_max", 17L),
                entry("max_unique_clients", 12L),
                entry("max_channels", 13L),
                entry("max_clients", 11L),
                entry("squares_clients", 121L),
                entry("max_bytes_client_out", 7L),
                entry("max_cpu_usage", 15L),
                entry("squares_cpu_usage", 225L),
                entry(
                        "time_api",
                        HexFormat.of().formatHex(histogram(425).encoded().bytes())));
        assertThat(value("1:u1:7")).isEqualTo(value);
        assertThat(commands.get(mark)).isEqualTo("7");
        assertThat(commands.pttl(entry)).isBetween(3_500_000L, 3_600_000L);
        assertThat(commands.pttl(mark)).as("TTL is twice the history").isBetween(7_100_000L, 7_200_000L);
        assertThat(commands.pttl(index)).isBetween(3_500_000L, 3_600_000L);
        double now = Long.parseLong(commands.time().get(0)) * 1_000.0;
        assertThat(commands.zscore(index, "60:" + SLOT)).isBetween(now - 10_000, now + 1_000);
    }

    /** Returns a value of the entry as decoded by a MessagePack library, with byte arrays in hexadecimal. */
    private Map<String, Object> value(String field) {
        MessagePack in = new MessagePack(bytes.hget(entry, field));
        Map<String, Object> map = new HashMap<>();
        for (int i = in.mapSize(); i > 0; i--) {
            String name = new String(in.bytes(), UTF_8);
            map.put(name, in.isString() ? HexFormat.of().formatHex(in.bytes()) : (Object) in.integer());
        }
        return map;
    }

    private static NodeWindow withUsers(Encoded<HyperLogLog> users) {
        return minute(SLOT, 1).withDetail(new WindowDetail(null, null, users, null));
    }

    private static Encoded<HyperLogLog> ids(String... ids) {
        return HyperLogLog.of(List.of(ids)).encoded();
    }

    @Test
    void users_areRedisHyperLogLog() throws Exception {
        get(publisher.upload(batch("u1", 0, 7, withUsers(ids("a", "b")))));

        bytes.set(entry + ":test", HexFormat.of().parseHex((String)
                value("1:u1:7").get("users")));

        assertThat(commands.pfcount(entry + ":test")).isEqualTo(2);
        assertThat(value("1:u1:7")).containsEntry("users_windows", 1L).doesNotContainKey("channels");
    }

    @Test
    void users_ofRepeatedUpload_areCountedOnce() throws Exception {
        get(publisher.upload(batch("u1", 0, 7, withUsers(ids("a")))));
        get(publisher.upload(batch("u1", 0, 7, withUsers(ids("x", "y")))));

        assertThat(read().detail().users()).isEqualTo(ids("a"));
        assertThat(read().usersNodes()).isEqualTo(1);
    }

    @Test
    void users_addedByPfadd_areInUnion() throws Exception {
        commands.pfadd(entry + ":users", "a", "b");
        get(publisher.upload(batch("u1", 0, 7, withUsers(ids("b", "c")))));
        commands.pfadd(entry + ":users", "d");

        assertThat(read().detail().users().decode().count().estimate()).isEqualTo(4);
        assertThat(commands.pttl(entry + ":users")).isPositive();
        assertThat(read().usersNodes()).as("node windows").isEqualTo(1);
    }

    @Test
    void users_invalidKeyOfOtherProgram_isIgnored() throws Exception {
        get(publisher.upload(batch("u1", 0, 7, withUsers(ids("a")))));
        for (String invalid : List.of("text", "HYLL", "HYLL\1\0\0\0\0\0\0\0\0\0\0\0\77")) {
            commands.set(entry + ":users", invalid);
            assertThat(read().detail().users()).as(invalid).isEqualTo(ids("a"));
        }
        commands.del(entry + ":users");
        commands.lpush(entry + ":users", "another type");

        get(publisher.upload(batch("u2", 0, 7, withUsers(ids("b")))));

        assertThat(read().detail().users()).isEqualTo(ids("a", "b"));
        assertThat(read().usersNodes()).isEqualTo(2);
    }

    @Test
    void highWaterMark_keyEvicted_isRestoredFromEntry() throws Exception {
        get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1))));
        commands.del(mark);

        assertThat(get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1)))).highWaterMark())
                .as("repeated upload is not counted")
                .isEqualTo(7);
        assertThat(get(publisher.upload(batch("u1", 7, 8, minute(SLOT, 1)))).highWaterMark())
                .isEqualTo(8);

        assertThat(read().nodeWindows()).isEqualTo(2);
        assertThat(commands.get(mark)).isEqualTo("8");
    }

    @Test
    void upload_shorterHistoryOfOtherNode_doesNotReduceTtl() throws Exception {
        NodeWindow window = minute(SLOT, 1);
        get(publisher.upload(batch("u1", 0, 7, window)));
        commands.zadd(index, System.currentTimeMillis() - 600_000, "60:0");
        commands.zadd(index, 1_000, "60:60000");
        List<WindowUpload.Numbered> numbered = List.of(new WindowUpload.Numbered(1, window));

        get(publisher.upload(new WindowUpload("u2", Duration.ofSeconds(30), 0, numbered)));

        assertThat(commands.pttl(entry)).isGreaterThan(3_000_000);
        assertThat(commands.zrange(index, 0, -1)).containsExactly("60:0", "60:" + SLOT);
    }

    @Test
    void upload_historyIsLimitedToTenThousandWindows() throws Exception {
        NodeWindow second = new NodeWindow(
                1,
                new MetricsWindow(SLOT, SLOT + 1_000),
                minute(SLOT, 1).sums(),
                WindowGauges.NONE,
                0,
                0,
                WindowDetail.NONE);

        get(publisher.upload(
                new WindowUpload("u1", Duration.ofHours(24), 0, List.of(new WindowUpload.Numbered(1, second)))));

        assertThat(commands.pttl(index)).isBetween(9_900_000L, 10_000_000L);
    }

    @Test
    void upload_sumsAbove2To53_areExact() throws Exception {
        long large = (1L << 60) + 1;
        NodeTotals sums = new NodeTotals(0, 0, 0, 0, 0, 0, 0, large, large);
        NodeWindow busy = new NodeWindow(
                60, new MetricsWindow(SLOT, SLOT + 60_000), sums, WindowGauges.NONE, 0, 0, WindowDetail.NONE);

        for (int node = 0; node < 5; node++) {
            get(publisher.upload(batch("n" + node, 0, 1, busy)));
        }

        assertThat(read().sums().timeApiSum()).isEqualTo(5 * large);
    }

    @Test
    void upload_keysOfWrongType_areReplaced() throws Exception {
        commands.set(entry, "squatter");
        commands.set(index, "squatter");
        commands.lpush(mark, "squatter");

        assertThat(get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1, 425))))
                        .highWaterMark())
                .isEqualTo(7);

        assertThat(read().nodeWindows()).isEqualTo(1);
    }

    @Test
    void upload_invalidHighWaterMark_isReplaced() throws Exception {
        for (String garbage : List.of("", "x", "-5", "1e3", "007", "99999999999999999999")) {
            commands.set(mark, garbage);

            assertThat(get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1)))).highWaterMark())
                    .as("over '%s'", garbage)
                    .isEqualTo(7);
        }
    }

    @Test
    void upload_invalidEntryFields_areIgnored() throws Exception {
        for (String invalid : List.of("", "many", "-1", "inf", "nan", "1e300", "0.5", Long.toString(Long.MAX_VALUE))) {
            commands.flushall();
            for (String field :
                    List.of("windows", "merged", "merging", "1:", "x:y", "1:u0:7", "9:u0:7", ":", "0:u0:7")) {
                commands.hset(entry, field, invalid);
            }

            get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1, 425))));
            get(publisher.upload(batch("u2", 0, 7, minute(SLOT, 100, 425))));

            assertThat(read().sums().numMsgPublished()).as(invalid).isEqualTo(101);
            assertThat(read().nodeWindows()).as(invalid).isEqualTo(2);
        }
    }

    /** Builds before 0.1.0 stored each sum of a window in a separate hash field. */
    @Test
    void entryOfEarlierBuild_isIgnored_unchanged() throws Exception {
        Map<String, String> earlier = Map.of("v", "1", "uploads", "3", "num_msg_published", "7", "hist_api", "\1\2");
        commands.hset(entry, earlier);
        commands.pexpire(entry, 60_000);
        commands.zadd(index, System.currentTimeMillis(), "60:" + SLOT);
        assertThat(get(history.changedSince(HistoryMark.START, 10)).windows()).isEmpty();

        get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1))));

        assertThat(read().nodeWindows()).isEqualTo(1);
        assertThat(read().sums().numMsgPublished()).isEqualTo(1);
        assertThat(commands.hgetall(entry)).as("fields of the earlier build").containsAllEntriesOf(earlier);
    }

    @Test
    void history_invalidIndexMembersAndEntries_areIgnored() throws Exception {
        get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1))));
        String tag = entry.substring(0, entry.indexOf(":window"));
        for (String member : List.of("60:x", "60:1", "0:0", "99999:0", "60", "60:0", "60:60000", "60:120000")) {
            commands.zadd(index, System.currentTimeMillis(), member);
        }
        commands.set(tag + ":window:60:60000", "squatter");
        commands.hset(tag + ":window:60:120000", "v", "2");
        commands.hset(tag + ":window:60:120000", "uploads", "2");
        commands.pexpire(tag + ":window:60:120000", 60_000);

        assertThat(read().startMillis()).isEqualTo(SLOT);
    }

    @Test
    void extras_keysMatchWireContract() throws Exception {
        Extras extras = new Extras(Map.of(
                "disconnects{code=\"3008\"}", Extra.counter(2, 14),
                "idle", Extra.timer(histogram()),
                "later", new Extra("gauge", "average", 7, null, null),
                "ping", Extra.timer(histogram(425, 500, 500))));
        get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1).withExtras(extras))));

        assertThat(value("1:u1:7").entrySet().stream()
                        .filter(member -> member.getKey().startsWith("extra")))
                .containsExactlyInAnyOrder(
                        entry("extra:sum:counter:disconnects{code=\"3008\"}", 2L),
                        entry(
                                "extra:histogram:timer:ping",
                                HexFormat.of()
                                        .formatHex(histogram(425, 500, 500)
                                                .encoded()
                                                .bytes())));
    }

    @Test
    void extras_aboveEntrySize_areLeftOutAndCounted() throws Exception {
        int nodes = 8;
        for (int node = 0; node < nodes; node++) {
            Map<String, Extra> extras = new HashMap<>();
            for (int i = 0; i < Extras.MAX_EXTRAS; i++) {
                extras.put("clients{name=\"node-%d-%d\"}".formatted(node, i), Extra.gauge(i));
            }
            get(publisher.upload(batch("n" + node, 0, 7, minute(SLOT, 1).withExtras(new Extras(extras)))));
        }
        Extras.Merged stored = read().extras();
        get(publisher.upload(batch(
                "n0",
                7,
                8,
                minute(SLOT, 1).withExtras(new Extras(Map.of("clients{name=\"node-0-1\"}", Extra.gauge(41)))))));

        assertThat(stored.byName().size()).isBetween(200, Extras.Merged.MAX_NAMES);
        assertThat(stored.leftOut())
                .isEqualTo(nodes * Extras.MAX_EXTRAS - stored.byName().size());
        assertThat(read().extras().byName())
                .as("values of stored names are still merged")
                .containsEntry("clients{name=\"node-0-1\"}", Extra.gauge(42));
    }

    @Test
    void extras_largeHistograms_areBounded() throws Exception {
        Extra widest = Extra.timer(histogram(
                IntStream.range(0, 900).mapToLong(HistogramBuckets::lowest).toArray()));
        Map<String, Extra> extras = new HashMap<>();
        for (int i = 0; i < Extras.MAX_EXTRAS; i++) {
            extras.put("time_" + i, widest);
        }

        get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1).withExtras(new Extras(extras)))));

        assertThat(read().extras().byName().size()).isBetween(20, 40);
        assertThat(read().extras().leftOut())
                .isEqualTo(Extras.MAX_EXTRAS - read().extras().byName().size());
    }

    /** Returns the only window. */
    private ClusterWindow read() throws Exception {
        List<ClusterWindow> windows =
                get(history.changedSince(HistoryMark.START, 10)).windows();
        assertThat(windows).hasSize(1);
        return windows.get(0);
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
