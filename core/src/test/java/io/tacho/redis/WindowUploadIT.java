// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.batch;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
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
import io.tacho.sketch.HyperLogLog;
import io.tacho.store.HistoryMark;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.WindowHistory;
import io.tacho.store.WindowUpload;
import io.tacho.testing.RedisExtension;
import io.tacho.testing.Windows;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an upload stores in Redis, and what it does with values that are invalid. */
class WindowUploadIT {

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private RedisSettings settings;
    private RedisTransport transport;
    private SnapshotPublisher publisher;
    private WindowHistory history;
    private RedisClient client;
    private RedisCommands<String, String> commands;
    private String entry;
    private String index;
    private String mark;

    @BeforeEach
    void connect() {
        settings = redis.settings();
        transport = new RedisTransport(settings, new SnapshotCodec());
        publisher = transport.publisher();
        history = transport.history();
        client = RedisClient.create(settings.uri());
        commands = client.connect().sync();
        String tag = "{" + settings.namespace() + ":0}";
        entry = tag + ":window:60:" + SLOT;
        index = tag + ":windows";
        mark = tag + ":uploaded:u1";
    }

    @AfterEach
    void disconnect() {
        publisher.close();
        history.close();
        transport.close();
        client.shutdown();
    }

    @Test
    void upload_keysConformToTheContract() throws Exception {
        get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1, 425))));

        assertThat(commands.hgetall(entry))
                .contains(entry("v", "1"), entry("uploads", "1"), entry("num_msg_published", "1"))
                .contains(entry("time_client_sum", "9"), entry("num_goroutine", "10"), entry("cpu_usage", "15"))
                .contains(entry("bridged", "0"))
                .contains(entry("time_api_max", "16"), entry("time_client_max", "17"))
                .contains(entry("max_unique_clients", "12"), entry("max_channels", "13"))
                .contains(entry("max_clients", "11"), entry("squares_clients", "121"))
                .contains(entry("max_bytes_client_out", "7"), entry("squares_bytes_client_out", "0"))
                .contains(entry("max_cpu_usage", "15"), entry("squares_cpu_usage", "225"))
                .containsKey("hist_api")
                .hasSize(2 + 16 + 4 + 6 + 1);
        assertThat(commands.get(mark)).isEqualTo("7");
        assertThat(commands.pttl(entry)).isBetween(3_500_000L, 3_600_000L);
        assertThat(commands.pttl(mark)).as("twice the history").isBetween(7_100_000L, 7_200_000L);
        assertThat(commands.pttl(index)).isBetween(3_500_000L, 3_600_000L);
        double now = Long.parseLong(commands.time().get(0)) * 1_000.0;
        assertThat(commands.zscore(index, "60:" + SLOT)).isBetween(now - 10_000, now + 1_000);
    }

    private static NodeWindow withUsers(Encoded<HyperLogLog> users) {
        return minute(SLOT, 1).withDetail(new WindowDetail(null, null, users, null));
    }

    private static Encoded<HyperLogLog> ids(String... ids) {
        return HyperLogLog.of(List.of(ids)).encoded();
    }

    /** Of PFCOUNT, as any program reads it. */
    private long users() {
        return commands.pfcount(entry + ":users");
    }

    @Test
    void users_areAHyperLogLogOfRedis() throws Exception {
        get(publisher.upload(batch("u1", 0, 7, withUsers(ids("a", "b")))));
        get(publisher.upload(batch("u2", 0, 7, withUsers(ids("b", "c")))));

        assertThat(users()).isEqualTo(3);
        assertThat(commands.hget(entry, "users_windows")).isEqualTo("2");
        assertThat(commands.exists(entry + ":channels")).isZero();
        assertThat(commands.pttl(entry + ":users")).isBetween(3_500_000L, 3_600_000L);
        assertThat(commands.keys("*merge*")).as("left over").isEmpty();
    }

    @Test
    void users_ofAnUploadThatIsRepeated_oneWindow() throws Exception {
        get(publisher.upload(batch("u1", 0, 7, withUsers(ids("a")))));
        get(publisher.upload(batch("u1", 0, 7, withUsers(ids("x", "y")))));

        assertThat(users()).isEqualTo(1);
        assertThat(commands.hget(entry, "users_windows")).isEqualTo("1");
    }

    @Test
    void users_ofManyNodes_areDense_andTheSame() throws Exception {
        HyperLogLog.Builder all = new HyperLogLog.Builder();
        for (int node = 0; node < 40; node++) {
            HyperLogLog users = HyperLogLog.of(List.of("user-" + node, "user-" + (node + 1)));
            all.add(users);
            get(publisher.upload(batch("n" + node, 0, 7, withUsers(users.encoded()))));
        }

        assertThat(commands.strlen(entry + ":users")).as("dense").isEqualTo(12_304);
        assertThat(read().detail().users()).isEqualTo(all.build().encoded());
        assertThat(read().usersNodes()).isEqualTo(40);
    }

    @Test
    void users_ofAProgramThatOnlyRunsPfadd_areInTheUnion() throws Exception {
        commands.pfadd(entry + ":users", "a", "b");
        get(publisher.upload(batch("u1", 0, 7, withUsers(ids("b", "c")))));
        commands.pfadd(entry + ":users", "d");

        assertThat(read().detail().users().decode().count().estimate()).isEqualTo(4);
        assertThat(commands.pttl(entry + ":users")).isPositive();
    }

    @Test
    void users_evicted_areThoseOfTheFollowingUploads() throws Exception {
        get(publisher.upload(batch("u1", 0, 7, withUsers(ids("a")))));
        commands.del(entry + ":users");
        assertThat(read().usersNodes()).isZero();

        get(publisher.upload(batch("u2", 0, 7, withUsers(ids("b")))));

        assertThat(read().detail().users()).isEqualTo(ids("b"));
        assertThat(read().usersNodes())
                .as("so that bounds are not those of all")
                .isEqualTo(1);
        assertThat(read().nodeWindows()).isEqualTo(2);
    }

    @Test
    void users_invalidUnion_isReplaced() throws Exception {
        for (String invalid : List.of("text", "HYLL", "HYLL\1\0\0\0\0\0\0\0\0\0\0\0\77")) {
            commands.flushall();
            get(publisher.upload(batch("u1", 0, 7, withUsers(ids("a")))));
            commands.set(entry + ":users", invalid);
            assertThat(read().detail().users()).isNull();

            get(publisher.upload(batch("u2", 0, 7, withUsers(ids("b")))));

            assertThat(read().detail().users()).as(invalid).isEqualTo(ids("b"));
            assertThat(read().usersNodes()).isEqualTo(1);
        }
        commands.del(entry + ":users");
        commands.lpush(entry + ":users", "another type");
        assertThat(read().detail().users()).isNull();
        get(publisher.upload(batch("u3", 0, 7, withUsers(ids("c")))));
        assertThat(users()).isEqualTo(1);
    }

    @Test
    void highWaterMark_evictedAloneIsStillKnown() throws Exception {
        get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1))));
        commands.del(mark);

        assertThat(get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1)))).highWaterMark())
                .as("not counted again")
                .isEqualTo(7);
        assertThat(get(publisher.upload(batch("u1", 7, 8, minute(SLOT, 1)))).highWaterMark())
                .isEqualTo(8);

        assertThat(commands.hget(entry, "uploads")).isEqualTo("2");
        assertThat(commands.get(mark)).isEqualTo("8");
    }

    @Test
    void upload_shorterHistoryOfAnotherNodeShortensNothing() throws Exception {
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
    void upload_tenThousandWindowsAtMost() throws Exception {
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
    void upload_sumsBeyondDoublesAreExact() throws Exception {
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
    void upload_overKeysOfAnotherType() throws Exception {
        commands.set(entry, "squatter");
        commands.set(index, "squatter");
        commands.lpush(mark, "squatter");

        assertThat(get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1, 425))))
                        .highWaterMark())
                .isEqualTo(7);

        assertThat(read().nodeWindows()).isEqualTo(1);
    }

    @Test
    void upload_overAnInvalidMark() throws Exception {
        for (String garbage : List.of("", "x", "-5", "1e3", "007", "99999999999999999999")) {
            commands.set(mark, garbage);

            assertThat(get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1)))).highWaterMark())
                    .as("over '%s'", garbage)
                    .isEqualTo(7);
        }
    }

    @Test
    void upload_overNumbersThatAreNone() throws Exception {
        get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1))));
        commands.hset(entry, "num_msg_published", "many");
        commands.hset(entry, "num_msg_sent", Long.toString(Long.MAX_VALUE));
        commands.hset(entry, "time_api_max", "inf");
        commands.hset(entry, "max_channels", "nan");
        assertThat(read().sums().numMsgPublished()).isZero();

        get(publisher.upload(batch("u2", 0, 7, minute(SLOT, 100))));

        ClusterWindow window = read();
        assertThat(window.sums().numMsgPublished()).as("begun anew").isEqualTo(100);
        assertThat(window.sums().numMsgSent()).as("begun anew").isEqualTo(300);
        assertThat(window.sums().numMsgQueued()).isEqualTo(202);
        assertThat(window.timeApiMax()).isEqualTo(1_600);
        assertThat(window.maxChannels()).isEqualTo(1_300);
    }

    @Test
    void history_leavesOutWhatItCannotRead() throws Exception {
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
    void extras_keysConformToTheContract() throws Exception {
        Extras extras = new Extras(Map.of(
                "disconnects{code=\"3008\"}", Extra.counter(2, 14),
                "idle", Extra.timer(Windows.histogram()),
                "later", new Extra("gauge", "average", 7, null, null),
                "ping", Extra.timer(Windows.histogram(425, 500, 500))));
        get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1).withExtras(extras))));

        assertThat(commands.hgetall(entry))
                .contains(entry("extra:sum:counter:disconnects{code=\"3008\"}", "2"), entry("extras_left_out", "0"))
                .containsKeys("extra:histogram:timer:ping", "extra_bytes")
                .hasSize(2 + 16 + 4 + 6 + 4);
    }

    @Test
    void extras_beyondTheSizeOfAnEntryAreLeftOutAndCounted() throws Exception {
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
                .as("names that are contained are still merged")
                .containsEntry("clients{name=\"node-0-1\"}", Extra.gauge(42));
        assertThat(commands.hgetall(entry).entrySet().stream()
                        .mapToInt(field ->
                                field.getKey().length() + field.getValue().length())
                        .sum())
                .isLessThan(64 * 1024);
    }

    @Test
    void extras_largeHistogramsAreBounded() throws Exception {
        Extra widest = Extra.timer(
                Windows.histogram(LongStream.range(0, 53).map(bit -> 1L << bit).toArray()));
        Map<String, Extra> extras = new HashMap<>();
        for (int i = 0; i < Extras.MAX_EXTRAS; i++) {
            extras.put("time_" + i, widest);
        }

        get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1).withExtras(new Extras(extras)))));

        assertThat(read().extras().byName().size()).isBetween(20, 40);
        assertThat(read().extras().leftOut())
                .isEqualTo(Extras.MAX_EXTRAS - read().extras().byName().size());
    }

    @Test
    void extras_overValuesThatAreNone() throws Exception {
        Extras extras = new Extras(Map.of("jobs", Extra.counter(2, 2), "ping", Extra.timer(Windows.histogram(425))));
        get(publisher.upload(batch("u1", 0, 7, minute(SLOT, 1).withExtras(extras))));
        commands.hset(entry, "extra:sum:counter:jobs", "many");
        commands.hset(entry, "extra:histogram:timer:ping", "x");
        commands.hset(entry, "extra:sum:counter:No-Name", "1");
        commands.hset(entry, "extra:average:gauge:later", "1");
        commands.hset(entry, "extra:sum", "1");
        commands.hset(entry, "extras_left_out", "-1");
        assertThat(read().extras()).isEqualTo(Extras.Merged.NONE);

        get(publisher.upload(batch("u2", 0, 7, minute(SLOT, 1).withExtras(extras))));

        assertThat(read().extras().byName())
                .as("begun anew")
                .containsOnly(
                        entry("jobs", new Extra(Extra.COUNTER, Extra.SUM, 2, null, null)),
                        entry("ping", Extra.timer(Windows.histogram(425))));
    }

    /** The only window there is. */
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
