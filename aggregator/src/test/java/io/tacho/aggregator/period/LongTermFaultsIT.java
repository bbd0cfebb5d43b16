// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.RestoreArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.Field;
import io.tacho.model.period.Peak;
import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodCalendar;
import io.tacho.model.period.PeriodSummary;
import io.tacho.model.period.Tier;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.PeriodStore;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.TierRetention;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowUpload;
import io.tacho.testing.Windows;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests hours, days and months when Redis loses all data, its last writes or some keys, or is out of memory. */
class LongTermFaultsIT {

    private static final int NODES = 3;

    /** An hour that has not ended, so that nothing expires. */
    private final long hour = (System.currentTimeMillis() / 3_600_000 - 1) * 3_600_000;

    private final PeriodCalendar utc = new PeriodCalendar(ZoneId.of("UTC"));
    private final RedisClient client = RedisClient.create();
    private EmbeddedRedis server;
    private RedisTransport transport;
    private SnapshotPublisher publisher;
    private PeriodStore store;
    private RedisCommands<String, byte[]> redis;

    /** The windows that each node retains, and its last known mark. */
    private final List<List<WindowUpload.Numbered>> retained = new ArrayList<>();

    private final long[] marks = new long[NODES];

    @BeforeEach
    void start() throws Exception {
        server = EmbeddedRedis.start();
        transport = new RedisTransport(RedisSettings.of(server.uri()), new SnapshotCodec());
        publisher = transport.publisher();
        store = transport.periods(TierRetention.DEFAULT);
        redis = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE), RedisURI.create(server.uri()))
                .sync();
        for (int node = 0; node < NODES; node++) {
            retained.add(new ArrayList<>());
        }
    }

    @AfterEach
    void stop() {
        publisher.close();
        store.close();
        transport.close();
        client.shutdown();
        server.close();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Records and uploads the next minute of each node. */
    private void minute(int minute) throws Exception {
        retain(minute);
        uploadAll();
    }

    private void retain(int minute) {
        for (int node = 0; node < NODES; node++) {
            retained.get(node)
                    .add(new WindowUpload.Numbered(
                            minute + 1, Windows.minute(hour + 60_000L * minute, 1 + node + 10L * minute, 425)));
        }
    }

    private void uploadAll() throws Exception {
        for (int node = 0; node < NODES; node++) {
            upload(node);
        }
    }

    /** Uploads everything above the mark that Redis returns, as agents do. */
    private void upload(int node) throws Exception {
        for (int attempt = 0; attempt < 3; attempt++) {
            long mark = marks[node];
            List<WindowUpload.Numbered> windows = retained.get(node).stream()
                    .filter(window -> window.number() > mark)
                    .toList();
            if (windows.isEmpty()) {
                return;
            }
            UploadResult result =
                    get(publisher.upload(new WindowUpload("u" + node, Duration.ofHours(24), mark, windows)));
            marks[node] = result.highWaterMark();
            if (result.highWaterMark() == windows.get(windows.size() - 1).number()) {
                return;
            }
        }
        throw new IllegalStateException("no upload of node " + node);
    }

    /** Runs one pass of a new aggregator. */
    private void pass() throws Exception {
        get(new TierRollUp(store, utc, Runnable::run, Instant::now).pass());
    }

    private PeriodSummary read(Tier tier) throws Exception {
        Period period = utc.containing(tier, hour / 1_000);
        return get(store.read(List.of(period))).get(period);
    }

    /** Asserts that every tier has all minutes, and each window exactly once. */
    private void assertExact(int minutes) throws Exception {
        long published = 0;
        for (int minute = 0; minute < minutes; minute++) {
            published += 3 * 10L * minute + 6;
        }
        for (Tier tier : List.of(Tier.HOUR, Tier.DAY, Tier.MONTH)) {
            PeriodSummary summary = read(tier);
            assertThat(summary.nodeWindows()).as("%s", tier).isEqualTo((long) minutes * NODES);
            assertThat(summary.number("num_msg_published")).as("%s", tier).isEqualTo(published);
            assertThat(summary.timeApi().decode().count()).isEqualTo((long) minutes * NODES);
            assertThat(summary.peaks())
                    .containsEntry(
                            Field.NUM_CLIENTS,
                            new Peak(11 * (30L * (minutes - 1) + 6), hour / 1_000 + 60L * (minutes - 1)));
        }
    }

    @Test
    void flushedRedis_isRefilledFromTheWindowsRetainedByNodes() throws Exception {
        for (int minute = 0; minute < 5; minute++) {
            minute(minute);
            pass();
        }
        redis.flushall();
        minute(5);
        pass();

        assertExact(6);
    }

    @Test
    void failover_replicaWithoutTheLastWrites_nothingIsMissing() throws Exception {
        minute(0);
        minute(1);
        pass();
        minute(2);
        Map<String, byte[]> replica = new HashMap<>();
        for (String key : redis.keys("*")) {
            replica.put(key, redis.dump(key));
        }
        minute(3);
        pass();
        minute(4);

        redis.flushall();
        for (Map.Entry<String, byte[]> key : replica.entrySet()) {
            redis.restore(
                    key.getKey(),
                    key.getValue(),
                    RestoreArgs.Builder.ttl(Duration.ofHours(24).toMillis()));
        }
        minute(5);
        pass();

        assertExact(6);
    }

    @Test
    void redisOutOfMemory_uploadsAreRejected_andNothingIsMissingAfterwards() throws Exception {
        minute(0);
        minute(1);
        pass();
        retain(2);
        redis.configSet("maxmemory", "1mb");
        assertThatThrownBy(this::uploadAll).hasMessageContaining("OOM");

        redis.configSet("maxmemory", "0");
        uploadAll();
        redis.configSet("maxmemory", "1mb");
        assertThatThrownBy(this::pass).hasMessageContaining("OOM");
        // what was stored before is still there
        assertThat(read(Tier.HOUR).nodeWindows()).isEqualTo(2L * NODES);

        redis.configSet("maxmemory", "0");
        pass();
        assertExact(3);
    }

    @Test
    void evictedMarksAndPeriods_nothingIsCountedTwice() throws Exception {
        minute(0);
        minute(1);
        pass();
        redis.keys("*uploaded*").forEach(redis::del);
        redis.keys("*history:day:*").forEach(redis::del);
        redis.keys("*history:months").forEach(redis::del);
        minute(2);
        pass();

        assertExact(3);
    }

    @Test
    void evictedWindow_itsHourIsUnchanged() throws Exception {
        minute(0);
        minute(1);
        pass();
        redis.del("{tacho:0}:window:60:" + hour);
        pass();

        assertExact(2);
    }

    @Test
    void concurrentAggregators_haveTheSameResult() throws Exception {
        minute(0);
        TierRollUp one = new TierRollUp(store, utc, Runnable::run, Instant::now);
        TierRollUp other = new TierRollUp(store, utc, Runnable::run, Instant::now);
        CompletionStage<Integer> first = one.pass();
        CompletionStage<Integer> second = other.pass();
        get(first);
        get(second);

        assertExact(1);
    }
}
