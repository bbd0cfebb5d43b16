// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.datasketches.cpc.CpcSketch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistinctSketchTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 10, 100, 300})
    void count_smallSetsAreNearlyExact(int size) {
        DistinctCount count = DistinctSketch.of(users(0, size)).count();

        assertThat(count.estimate()).isCloseTo(size, within(size / 50L));
        assertThat(count.lower()).isLessThanOrEqualTo(size);
        assertThat(count.upper()).isGreaterThanOrEqualTo(size);
    }

    @Test
    void count_eachIdOnce() {
        List<String> thrice = new ArrayList<>(users(0, 50));
        thrice.addAll(users(0, 50));
        thrice.addAll(users(0, 50));

        assertThat(DistinctSketch.of(thrice).count().estimate()).isEqualTo(50);
    }

    @Test
    void union_ofManyNodesCountsEachIdOnce() {
        Random random = new Random(5);
        Set<String> all = new HashSet<>();
        DistinctUnion union = new DistinctUnion();
        for (int node = 0; node < 100; node++) {
            Set<String> users = new HashSet<>();
            int size = random.nextInt(3_000);
            for (int i = 0; i < size; i++) {
                users.add("user-" + random.nextInt(80_000));
            }
            all.addAll(users);
            union.add(DistinctSketch.of(users).encoded().decode());
        }

        DistinctCount count = union.count();

        assertThat(count.estimate()).isCloseTo(all.size(), within(all.size() / 50L));
        assertThat((long) all.size()).isBetween(count.lower(), count.upper());
        assertThat(union.toSketch().count()).isEqualTo(count);
    }

    @Test
    void union_errorIsBelowTwoPercentNearlyAlways() {
        int above = 0;
        double squares = 0;
        int trials = 40;
        for (int trial = 0; trial < trials; trial++) {
            DistinctUnion union = new DistinctUnion();
            int size = 20_000;
            // ten nodes, each of which shares half of its users with the next
            for (int node = 0; node < 10; node++) {
                union.add(DistinctSketch.of(users(trial * 1_000_000 + node * size / 20, size / 10)));
            }
            long exact = 9 * size / 20 + size / 10;
            double error = (double) union.count().estimate() / exact - 1;
            squares += error * error;
            if (Math.abs(error) > 0.02) {
                above++;
            }
        }

        assertThat(above).isLessThanOrEqualTo(trials / 20);
        assertThat(Math.sqrt(squares / trials)).as("standard error").isLessThan(0.012);
    }

    @Test
    void encoded_isSmall() {
        assertThat(DistinctSketch.EMPTY.encoded().bytes()).hasSize(8);
        assertThat(DistinctSketch.of(users(0, 1)).encoded().bytes()).hasSizeLessThan(24);
        assertThat(DistinctSketch.of(users(0, 1_000)).encoded().bytes()).hasSizeLessThan(900);
        assertThat(DistinctSketch.of(users(0, 200_000)).encoded().bytes()).hasSizeLessThan(5_100);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 1_000, 5_000, 20_000, 200_000})
    void encoded_roundTrip(int size) {
        DistinctSketch sketch = DistinctSketch.of(users(0, size));

        DistinctSketch read = sketch.encoded().decode();

        assertThat(read.count()).isEqualTo(sketch.count());
        assertThat(read.encoded()).isEqualTo(sketch.encoded());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000, 5_000, 20_000, 200_000})
    void encoded_ofASingleStreamAsOtherWritersShipIt(int size) {
        CpcSketch sketch = new CpcSketch(DistinctSketch.LG_K);
        users(0, size).forEach(sketch::update);

        DistinctSketch read = SketchBytes.read(sketch.toByteArray());

        assertThat(read.count()).isEqualTo(DistinctSketch.of(users(0, size)).count());
    }

    @Test
    void decode_lesserSketchWouldSpoilTheUnion() {
        CpcSketch coarse = new CpcSketch(11);
        coarse.update("somebody");

        assertThatThrownBy(() -> SketchBytes.read(coarse.toByteArray())).hasMessage("sketch: lgK 11 (expected: 13)");
    }

    @Test
    void decode_sizesThatCannotBe() {
        byte[] bytes = new CpcSketch(DistinctSketch.LG_K).toByteArray();
        assertThatThrownBy(() -> SketchBytes.read(Arrays.copyOf(bytes, 7)))
                .hasMessage("sketch: 7 bytes (expected: at least 8)");
        assertThatThrownBy(() -> SketchBytes.read(Arrays.copyOf(bytes, 12)))
                .hasMessage("sketch: 12 bytes (expected: 8, according to its header)");

        byte[] users = DistinctSketch.of(users(0, 9)).encoded().bytes();
        ByteBuffer.wrap(users).order(ByteOrder.LITTLE_ENDIAN).putInt(8, Integer.MAX_VALUE);
        assertThatThrownBy(() -> SketchBytes.read(users))
                .hasMessage("sketch: 2147483647 coupons (expected: 0 to 458752)");
    }

    @Test
    void decode_otherSeed() {
        CpcSketch other = new CpcSketch(DistinctSketch.LG_K, 4711);
        other.update("somebody");

        assertThatThrownBy(() -> SketchBytes.read(other.toByteArray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("eed");
    }

    @Test
    void decode_tooLong() {
        assertThatThrownBy(() -> SketchBytes.read(new byte[100_000]))
                .hasMessageStartingWith("sketch: 100000 bytes (expected: at most ");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 300, 2_000, 10_000, 100_000})
    void decode_damagedBytesAreReadOrRejected(int size) {
        Random random = new Random(size);
        byte[] sound = DistinctSketch.of(users(0, size)).encoded().bytes();
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = sound.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                damaged[random.nextInt(random.nextBoolean() ? Math.min(40, sound.length) : sound.length)] =
                        (byte) random.nextInt();
            }
            DistinctUnion union = new DistinctUnion();
            try {
                union.add(SketchBytes.read(damaged));
            } catch (IllegalArgumentException rejected) {
                assertThat(rejected).hasMessageStartingWith("sketch: ");
                continue;
            }
            assertThat(union.count().estimate()).isNotNegative();
        }
    }

    private static List<String> users(int from, int size) {
        return IntStream.range(from, from + size).mapToObj(i -> "user-" + i).toList();
    }
}
