// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HyperLogLogTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 10, 100, 300})
    void count_ofSmallSet_isNearlyExact(int size) {
        DistinctCount count = HyperLogLog.of(users(0, size)).count();

        assertThat(count.estimate()).isCloseTo(size, within(size / 50L));
        assertThat(count.lower()).isLessThanOrEqualTo(size);
        assertThat(count.upper()).isGreaterThanOrEqualTo(size);
    }

    @Test
    void count_repeatedIds_areCountedOnce() {
        List<String> thrice = new ArrayList<>(users(0, 50));
        thrice.addAll(users(0, 50));
        thrice.addAll(users(0, 50));

        assertThat(HyperLogLog.of(thrice).count())
                .isEqualTo(HyperLogLog.of(users(0, 50)).count())
                .isEqualTo(new DistinctCount(48, 49, 50));
    }

    @Test
    void union_ofManyNodes_countsEachIdOnce() {
        Random random = new Random(5);
        Set<String> all = new HashSet<>();
        HyperLogLog.Builder union = new HyperLogLog.Builder();
        for (int node = 0; node < 100; node++) {
            Set<String> users = new HashSet<>();
            int size = random.nextInt(3_000);
            for (int i = 0; i < size; i++) {
                users.add("user-" + random.nextInt(80_000));
            }
            all.addAll(users);
            union.add(HyperLogLog.of(users).encoded().decode());
        }

        DistinctCount count = union.count();

        assertThat(count.estimate()).isCloseTo(all.size(), within(all.size() / 50L));
        assertThat((long) all.size()).isBetween(count.lower(), count.upper());
        assertThat(union.build().count()).isEqualTo(count);
    }

    @Test
    void union_error_isBelowTwoPercentInMostTrials() {
        int above = 0;
        int outside = 0;
        double squares = 0;
        int trials = 100;
        for (int trial = 0; trial < trials; trial++) {
            HyperLogLog.Builder union = new HyperLogLog.Builder();
            int size = 20_000;
            // ten nodes; each shares half of its users with the next one
            for (int node = 0; node < 10; node++) {
                union.add(HyperLogLog.of(users(trial * 1_000_000 + node * size / 20, size / 10)));
            }
            long exact = 9 * size / 20 + size / 10;
            DistinctCount count = union.count();
            double error = (double) count.estimate() / exact - 1;
            squares += error * error;
            above += Math.abs(error) > 0.02 ? 1 : 0;
            outside += exact < count.lower() || exact > count.upper() ? 1 : 0;
        }

        assertThat(above).isLessThanOrEqualTo(trials / 20);
        assertThat(outside).as("trials outside the reported bounds").isLessThanOrEqualTo(trials / 10);
        assertThat(Math.sqrt(squares / trials)).as("standard error").isLessThan(0.01);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 1_000, 5_000, 9_000, 20_000, 200_000})
    void encoded_idsInAnyOrder_roundTrip(int size) {
        List<String> ids = new ArrayList<>(users(0, size));
        HyperLogLog sketch = HyperLogLog.of(ids);
        Collections.shuffle(ids, new Random(size));

        HyperLogLog read = sketch.encoded().decode();

        assertThat(read.encoded()).isEqualTo(sketch.encoded());
        assertThat(HyperLogLog.of(ids).encoded()).isEqualTo(sketch.encoded());
        assertThat(new HyperLogLog.Builder().add(read).add(sketch).build().encoded())
                .as("merged with itself")
                .isEqualTo(sketch.encoded());
        assertThat(read.count()).isEqualTo(sketch.count());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 18, 18",
        "1, 21, 21",
        "100, 200, 300",
        "1000, 1900, 2200",
        "20000, 12304, 12304",
        "200000, 12304, 12304"
    })
    void encoded_usesSmallerOfSparseAndDense(int size, int atLeast, int atMost) {
        assertThat(HyperLogLog.of(users(0, size)).encoded().bytes().length).isBetween(atLeast, atMost);
    }

    @Test
    void hash_ofText_equalsHashOfUtf8Bytes() {
        // non-ASCII text is hashed as encoded bytes, ASCII text without encoding it
        for (int length = 0; length < 40; length++) {
            String text = "abcdefgh~1234567".repeat(3).substring(0, length);

            assertThat(MurmurHash64A.hash(text)).isEqualTo(MurmurHash64A.hash(text.getBytes(StandardCharsets.UTF_8)));
            assertThat(MurmurHash64A.hash(text + "ä"))
                    .isEqualTo(MurmurHash64A.hash((text + "ä").getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void read_bytesWrittenByRedis() {
        // PFADD of a, b, ä and user-1 at Redis 7.0
        byte[] redis = Base64.getDecoder().decode("SFlMTAEAAAAAAAAAAAAAgEBZkEnljGdkhEv7gEJa");

        HyperLogLog read = HyperLogLog.read(redis);

        assertThat(read.count().estimate()).isEqualTo(4);
        assertThat(HyperLogLog.of(List.of("user-1", "ä", "b", "a")).encoded().bytes())
                .isEqualTo(redis);
    }

    @Test
    void read_otherContent_isRejected() {
        assertRejected(new byte[0], "sketch: 0 bytes (expected: a HyperLogLog of Redis, which begins with HYLL)");
        assertRejected(
                "a text of 24 characters.".getBytes(StandardCharsets.US_ASCII),
                "sketch: 24 bytes (expected: a HyperLogLog of Redis, which begins with HYLL)");
    }

    @Test
    void read_unknownEncoding_isRejected() {
        byte[] bytes = HyperLogLog.EMPTY.encoded().bytes().clone();
        bytes[4] = 2;

        assertRejected(bytes, "sketch: encoding 2 (expected: 0 or 1, dense or sparse)");
    }

    @Test
    void count_allRegistersOfTheLargestRank_isFinite() {
        byte[] dense = HyperLogLog.of(users(0, 50_000)).encoded().bytes().clone();
        for (int bit = 0; bit < 6 * 16_384; bit++) {
            // 51, the lowest bit first
            boolean isSet = (51 >> (bit % 6) & 1) == 1;
            int mask = 1 << (bit % 8);
            dense[16 + bit / 8] = (byte) (isSet ? dense[16 + bit / 8] | mask : dense[16 + bit / 8] & ~mask);
        }

        assertThat(Encoded.hyperLogLog(dense).decode().count().estimate()).isEqualTo(9_007_199_254_740_991L);
    }

    @Test
    void read_denseOfWrongSize_isRejected() {
        byte[] dense = HyperLogLog.of(users(0, 50_000)).encoded().bytes();

        assertRejected(Arrays.copyOf(dense, 12_303), "sketch: 12303 bytes (expected: 12304 in the dense encoding)");
    }

    @Test
    void read_registerAboveMaximumRank_isRejected() {
        byte[] dense = HyperLogLog.of(users(0, 50_000)).encoded().bytes().clone();
        dense[16] |= 0x3F;

        assertRejected(dense, "sketch: register 0 is 63 (expected: at most 51)");
    }

    @Test
    void read_tooFewOrTooManyRegisters_isRejected() {
        byte[] empty = HyperLogLog.EMPTY.encoded().bytes();
        byte[] more = Arrays.copyOf(empty, empty.length + 1);
        byte[] less = empty.clone();
        less[17]--;

        assertRejected(more, "sketch: runs of 16385 registers or more (expected: 16384)");
        assertRejected(less, "sketch: runs of 16383 registers or more (expected: 16384)");
        assertRejected(Arrays.copyOf(empty, 17), "sketch: the last run lacks a byte (expected: two)");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 300, 2_000, 8_000, 100_000})
    void read_corruptedBytes_areReadOrRejected(int size) {
        Random random = new Random(size);
        byte[] sound = HyperLogLog.of(users(0, size)).encoded().bytes();
        for (int i = 0; i < 1_000; i++) {
            byte[] damaged = Arrays.copyOf(sound, sound.length - random.nextInt(2));
            for (int n = random.nextInt(4); n >= 0; n--) {
                damaged[random.nextInt(random.nextBoolean() ? Math.min(40, damaged.length) : damaged.length)] =
                        (byte) random.nextInt();
            }
            try {
                assertThat(HyperLogLog.read(damaged).count().estimate()).isNotNegative();
            } catch (IllegalArgumentException rejected) {
                assertThat(rejected).hasMessageStartingWith("sketch: ");
            }
        }
    }

    @Test
    void read_copiesBytes() {
        byte[] bytes = HyperLogLog.of(List.of("a")).encoded().bytes().clone();
        HyperLogLog read = HyperLogLog.read(bytes);
        Arrays.fill(bytes, (byte) 0);

        assertThat(read.count().estimate()).isEqualTo(1);
    }

    private static void assertRejected(byte[] bytes, String message) {
        assertThatThrownBy(() -> HyperLogLog.read(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static List<String> users(int from, int size) {
        return IntStream.range(from, from + size).mapToObj(i -> "user-" + i).toList();
    }
}
