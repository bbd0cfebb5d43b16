// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.batch;
import static io.tacho.testing.Windows.histogram;
import static io.tacho.testing.Windows.minute;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HistogramBuckets;
import io.tacho.store.HistoryMark;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.WindowHistory;
import io.tacho.testing.OldestRedis;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What upload.lua makes of histograms is what {@link DurationHistogram#merge} makes of them, to the last count. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HistogramUploadIT {

    private static final long MAX = DurationHistogram.MAX_VALUE;

    /** How the buckets of a random histogram are chosen. */
    private enum Kind {
        NARROW(200, 300, 0.5),
        SPARSE(0, HistogramBuckets.COUNT, 0.01),
        DENSE(0, HistogramBuckets.COUNT, 0.9),
        WIDEST(0, HistogramBuckets.COUNT, 1),
        TINY(0, 3, 0.5),
        OVERFLOWING(HistogramBuckets.OVERFLOW - 2, HistogramBuckets.COUNT, 0.7);

        final int from;
        final int to;
        final double share;

        Kind(int from, int to, double share) {
            this.from = from;
            this.to = to;
            this.share = share;
        }

        DurationHistogram next(Random random) {
            long[] buckets = new long[HistogramBuckets.COUNT];
            int bits = 1 + random.nextInt(53);
            int last = -1;
            for (int i = from; i < to; i++) {
                if (random.nextDouble() < share) {
                    buckets[i] = random.nextInt(20) == 0
                            ? MAX - random.nextInt(2)
                            : 1 + (random.nextLong() & MAX) % (1L << bits);
                    buckets[i] = Math.min(buckets[i], MAX);
                    last = i;
                }
            }
            if (last < 0) {
                return DurationHistogram.EMPTY;
            }
            boolean endless = last == HistogramBuckets.OVERFLOW;
            long lowest = HistogramBuckets.lowest(last);
            long next = endless ? MAX : HistogramBuckets.lowest(last + 1) - 1;
            long longest = switch (random.nextInt(3)) {
                case 0 -> lowest;
                case 1 -> next;
                default -> lowest + (long) (random.nextDouble() * (next - lowest));
            };
            return DurationHistogram.of(
                    buckets, random.nextInt(4) == 0 ? MAX - 1 : random.nextLong() & (MAX >> 3), longest);
        }
    }

    private final List<EmbeddedRedis> servers = new ArrayList<>();
    private final List<RedisTransport> transports = new ArrayList<>();
    private final List<SnapshotPublisher> publishers = new ArrayList<>();
    private RedisClient client;
    private RedisCommands<String, byte[]> commands;
    private RedisAsyncCommands<String, byte[]> async;
    private WindowHistory history;
    private int uploads;

    /** The newest and the oldest that tests have. */
    @BeforeAll
    void start() throws IOException {
        servers.add(EmbeddedRedis.start());
        servers.add(OldestRedis.start());
        servers.forEach(
                server -> transports.add(new RedisTransport(RedisSettings.of(server.uri()), new SnapshotCodec())));
        transports.forEach(transport -> publishers.add(transport.publisher()));
        client = RedisClient.create(servers.get(0).uri());
        StatefulRedisConnection<String, byte[]> connection =
                client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
        commands = connection.sync();
        async = connection.async();
        history = transports.get(0).history();
    }

    @AfterAll
    void stop() {
        publishers.forEach(SnapshotPublisher::close);
        history.close();
        transports.forEach(RedisTransport::close);
        client.shutdown();
        servers.forEach(EmbeddedRedis::close);
    }

    /** In a slot of its own, each from another node. */
    private String upload(int server, long slot, Encoded<DurationHistogram> given) throws Exception {
        String uid = "u" + ++uploads;
        NodeWindow window = new NodeWindow(
                60,
                new MetricsWindow(slot, slot + 60_000),
                new NodeTotals(0, 0, 0, 0, 0, 0, 0, 0, 0),
                WindowGauges.NONE,
                0,
                0,
                new WindowDetail(given, null, null, null));
        assertThat(get(publishers.get(server).upload(batch(uid, 0, 1, window))).highWaterMark())
                .isEqualTo(1);
        return uid;
    }

    private Encoded<DurationHistogram> read(int server, long slot) throws Exception {
        try (WindowHistory reader = transports.get(server).history()) {
            return get(reader.changedSince(HistoryMark.START, 100_000)).windows().stream()
                    .filter(window -> window.startMillis() == slot)
                    .findFirst()
                    .orElseThrow()
                    .detail()
                    .timeApi();
        }
    }

    private byte[] standing(long slot) {
        return commands.hget("{tacho:0}:window:60:" + slot, "hist_api");
    }

    private static byte[] bytes(DurationHistogram histogram) {
        return PackedHistogram.write(histogram);
    }

    @Test
    void random_asInJava() throws Exception {
        Random random = new Random(42);
        for (int round = 0; round < 150; round++) {
            long slot = SLOT + 60_000L * round;
            List<DurationHistogram> given = new ArrayList<>();
            for (int node = 0; node < 2 + random.nextInt(4); node++) {
                DurationHistogram histogram = Kind.values()[random.nextInt(Kind.values().length)].next(random);
                given.add(histogram);
                upload(0, slot, histogram.encoded());
            }
            DurationHistogram expected = DurationHistogram.merge(given);

            byte[] standing = standing(slot);

            if (expected.count() == 0) {
                assertThat(standing).as("nothing happened, round %d", round).isNull();
            } else {
                assertThat(PackedHistogram.read(standing)).as("round %d", round).isEqualTo(expected);
            }
        }
    }

    @Test
    void random_asInJavaOnTheOldestServer() throws Exception {
        Random random = new Random(43);
        for (Kind kind : Kind.values()) {
            long slot = SLOT + 60_000L * kind.ordinal();
            List<DurationHistogram> given = List.of(kind.next(random), kind.next(random), histogram(425, 500, 500));
            for (DurationHistogram histogram : given) {
                upload(1, slot, histogram.encoded());
            }

            assertThat(read(1, slot))
                    .as("%s", kind)
                    .isEqualTo(DurationHistogram.merge(given).encoded());
        }
    }

    @Test
    void counts_stopAtTheLargest() throws Exception {
        long[] buckets = new long[HistogramBuckets.COUNT];
        buckets[100] = MAX;
        DurationHistogram full = DurationHistogram.of(buckets, MAX, 100);
        buckets[100] = 1;
        DurationHistogram one = DurationHistogram.of(buckets, 1, 100);
        long slot = SLOT - 60_000;

        upload(0, slot, full.encoded());
        upload(0, slot, one.encoded());

        assertThat(PackedHistogram.read(standing(slot))).isEqualTo(full).isEqualTo(full.merge(one));
    }

    static Stream<byte[]> malformed() {
        return Stream.of(
                new byte[] {},
                new byte[] {(byte) 0xc1},
                new byte[] {5},
                new byte[] {(byte) 0xa1, 'x'},
                new byte[] {(byte) 0x81, 1, 1},
                new byte[] {(byte) 0x90},
                new byte[] {(byte) 0x93, 5, 5, 5},
                new byte[] {(byte) 0x94, 5, 5, 5},
                new byte[] {(byte) 0x94, 5, 5, 5, 0},
                new byte[] {(byte) 0x94, 5, 5, 4, 1},
                new byte[] {(byte) 0x94, 5, 5, 5, -1},
                new byte[] {(byte) 0x94, 5, 5, 5, (byte) 0xa1, '1'},
                new byte[] {(byte) 0x94, 5, 5, 5, (byte) 0xc0},
                new byte[] {(byte) 0x95, 5, 5, 4, 0, 1},
                new byte[] {(byte) 0x94, 5, 5, 5, (byte) 0xca, 0x3f, (byte) 0xc0, 0, 0},
                new byte[] {(byte) 0x94, 5, 5, 5, (byte) 0xca, 0x7f, (byte) 0xc0, 0, 0},
                new byte[] {(byte) 0x94, 5, 5, 5, (byte) 0xcf, 0, 0x20, 0, 0, 0, 0, 0, 0},
                new byte[] {(byte) 0x94, 5, 5, (byte) 0xcd, 7, (byte) 0xc1, 1},
                new byte[] {(byte) 0x94, 5, 5, -1, 1},
                "no histogram at all".getBytes(US_ASCII),
                new byte[100_000]);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformedWhereItStands_givesWay(byte[] standing) throws Exception {
        long slot = SLOT - 120_000;
        commands.del("{tacho:0}:window:60:" + slot);
        upload(0, slot, null);
        commands.hset("{tacho:0}:window:60:" + slot, "hist_api", standing);
        assertThat(read(0, slot)).as("left out by readers").isNull();

        upload(0, slot, histogram(425, 500).encoded());
        upload(0, slot, histogram(500).encoded());

        assertThat(PackedHistogram.read(standing(slot))).isEqualTo(histogram(425, 500, 500));
    }

    /** Of another program than ours, which would not send it. */
    @ParameterizedTest
    @MethodSource("malformed")
    void malformedAsGiven_isLeftOut(byte[] given) throws Exception {
        long slot = SLOT - 180_000;
        commands.del("{tacho:0}:window:60:" + slot);

        uploadRaw(slot, given);
        assertThat(standing(slot)).isNull();
        upload(0, slot, histogram(425).encoded());
        uploadRaw(slot, given);

        assertThat(PackedHistogram.read(standing(slot))).isEqualTo(histogram(425));
        assertThat(commands.hget("{tacho:0}:window:60:" + slot, "uploads")).isEqualTo(new byte[] {'3'});
    }

    private void uploadRaw(long slot, byte[] given) throws Exception {
        UploadCall call =
                new UploadCall(batch("u" + ++uploads, 0, 1, minute(slot, 1, 425)), new RedisKeyspace("tacho", 1));
        byte[][] arguments = call.arguments().clone();
        byte[] packed = bytes(histogram(425));
        for (int i = 0; i < arguments.length; i++) {
            if (Arrays.equals(arguments[i], packed)) {
                arguments[i] = given;
            }
        }
        assertThat(List.of(arguments)).contains(given);
        CompletionStage<List<Object>> reply = RedisScript.UPLOAD.run(async, call.keys(), arguments);
        assertThat(get(reply).get(0)).isEqualTo(1L);
    }

    @Test
    void values_thatAreNoHistogramAreLeftOut() throws Exception {
        long slot = SLOT - 240_000;

        upload(0, slot, DurationHistogram.EMPTY.encoded());
        upload(0, slot, Encoded.histogram(new byte[] {7}));

        assertThat(standing(slot)).isNull();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
