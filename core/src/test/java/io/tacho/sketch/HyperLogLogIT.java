// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.tacho.embedded.EmbeddedRedis;
import java.io.IOException;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares counts, unions and bytes of sketches with those of Redis. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HyperLogLogIT {

    /** The value of hll-sparse-max-bytes; Redis stores larger sketches as dense, Tacho may store them as sparse. */
    private static final int MAX_SPARSE_BYTES = 3_000;

    private EmbeddedRedis server;
    private RedisClient client;
    private RedisCommands<String, byte[]> redis;

    @BeforeAll
    void start() throws IOException {
        server = EmbeddedRedis.start();
        client = RedisClient.create(server.uri());
        redis = client.connect(RedisCodec.of(StringCodec.ASCII, ByteArrayCodec.INSTANCE))
                .sync();
    }

    @AfterAll
    void stop() {
        client.shutdown();
        server.close();
    }

    @BeforeEach
    void clear() {
        redis.flushall();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void countOfRandomSetsAndUnions_equalsPfcount(int seed) {
        Random random = new Random(seed);
        int sets = 2 + random.nextInt(5);
        String[] keys = new String[sets];
        HyperLogLog.Builder union = new HyperLogLog.Builder();
        for (int set = 0; set < sets; set++) {
            Set<String> ids = ids(random, (int) Math.pow(10, 4.5 * random.nextDouble()));
            keys[set] = "set" + set;
            redis.pfadd(keys[set], ids.stream().map(id -> id.getBytes(UTF_8)).toArray(byte[][]::new));
            HyperLogLog sketch = HyperLogLog.of(ids);
            union.add(sketch);

            assertThat(sketch.count().estimate()).as("%d ids", ids.size()).isEqualTo(redis.pfcount(keys[set]));
            assertThat(canonical(redis.get(keys[set]))).isEqualTo(sketch.encoded());
        }

        assertThat(union.count().estimate()).isEqualTo(redis.pfcount(keys));
        redis.pfmerge("union", keys);
        assertThat(canonical(redis.get("union"))).isEqualTo(union.build().encoded());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 100, 1_000, 3_000, 8_000, 12_000, 50_000})
    void bytes_areReadByRedis_mergeIsByteIdentical(int size) {
        HyperLogLog sketch = HyperLogLog.of(ids(new Random(size), size));
        byte[] bytes = sketch.encoded().bytes();
        redis.set("a", bytes);
        redis.pfmerge("merged", "a");

        assertThat(redis.pfcount("a")).isEqualTo(sketch.count().estimate());
        byte[] merged = redis.get("merged");
        assertThat(HyperLogLog.read(merged).count()).isEqualTo(sketch.count());
        if (size > 0 && (bytes.length <= MAX_SPARSE_BYTES || bytes.length == 12_304)) {
            assertThat(merged).isEqualTo(bytes);
        }
        redis.pfadd("a", "more".getBytes(UTF_8));
        assertThat(canonical(redis.get("a")))
                .isEqualTo(new HyperLogLog.Builder()
                        .add(sketch)
                        .add("more")
                        .build()
                        .encoded());
    }

    @Test
    void hashOfAnyLengthAndNonAscii_equalsRedis() {
        HyperLogLog.Builder builder = new HyperLogLog.Builder();
        for (int length = 0; length < 40; length++) {
            for (String character : new String[] {"a", "ä", "€", "😀"}) {
                String id = "x".repeat(length) + character + "y".repeat(length % 7);
                redis.pfadd("ids", id.getBytes(UTF_8));
                builder.add(id);
            }
            redis.pfadd("ids", "z".repeat(length).getBytes(UTF_8));
            builder.add("z".repeat(length));
        }

        assertThat(canonical(redis.get("ids"))).isEqualTo(builder.build().encoded());
    }

    @Test
    void countOfEveryRegisterRank_equalsPfcount() {
        Random random = new Random(3);
        for (int trial = 0; trial < 20; trial++) {
            byte[] ranks = new byte[HyperLogLog.REGISTERS];
            int most = 1 + random.nextInt(HyperLogLog.MAX_RANK);
            int share = 1 + random.nextInt(100);
            for (int register = 0; register < ranks.length; register++) {
                ranks[register] = (byte) (random.nextInt(100) < share ? random.nextInt(most + 1) : 0);
            }
            byte[] bytes = HyperLogLogBytes.write(ranks);
            redis.set("ranks", bytes);

            assertThat(HyperLogLog.read(bytes).count().estimate()).isEqualTo(redis.pfcount("ranks"));
        }
    }

    private static Encoded<HyperLogLog> canonical(byte[] redis) {
        return new HyperLogLog.Builder().add(HyperLogLog.read(redis)).build().encoded();
    }

    private static Set<String> ids(Random random, int size) {
        Set<String> ids = new HashSet<>();
        IntStream.range(0, size).forEach(i -> ids.add(Integer.toString(random.nextInt(100_000), 36) + "-user"));
        return ids;
    }
}
