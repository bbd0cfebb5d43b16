// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

/**
 * A set of ids, of any size in at most 12 KB, that estimates how many distinct ones it has, with a standard error of 0.81 %. Sketches
 * of many nodes and windows can be merged in any order and any number of times: an id of several of them counts once.
 *
 * <p>It is Redis' HyperLogLog, of ids in UTF-8, in the form in which Redis stores it: {@code PFADD}, {@code PFMERGE} and {@code
 * PFCOUNT} write, merge and count the same values. The same ids always have the same bytes, in whichever order they were added.
 *
 * <p>Thread safety: immutable.
 */
public final class HyperLogLog {

    /** The ranks of ids are in this many registers: an id has one of them, which holds the largest rank. */
    static final int REGISTERS = 1 << 14;

    /** The largest rank: one more than the number of trailing zeros that the hash can have beside the number of the register. */
    static final int MAX_RANK = 51;

    private static final double STANDARD_ERROR = 1.04 / Math.sqrt(REGISTERS);

    /** No ids. */
    public static final HyperLogLog EMPTY = new Builder().build();

    private final byte[] bytes;

    HyperLogLog(byte[] validated) {
        bytes = validated;
    }

    /** Returns the sketch of these ids; however often an id comes, it counts once. */
    public static HyperLogLog of(Iterable<String> ids) {
        Builder builder = new Builder();
        ids.forEach(builder::add);
        return builder.build();
    }

    /**
     * Returns the sketch that these bytes are, as in a string of Redis.
     *
     * @throws IllegalArgumentException stating the found and the expected value, if they are not a HyperLogLog
     */
    public static HyperLogLog read(byte[] bytes) {
        HyperLogLogBytes.validate(bytes);
        return new HyperLogLog(bytes.clone());
    }

    static int register(long hash) {
        return (int) hash & (REGISTERS - 1);
    }

    static byte rank(long hash) {
        // the bit above the hash ends the search
        long rest = (hash >>> 14) | (1L << (MAX_RANK - 1));
        return (byte) (Long.numberOfTrailingZeros(rest) + 1);
    }

    /** {@return the estimated number of distinct ids: the same as {@code PFCOUNT} returns} */
    public DistinctCount count() {
        return new Builder().add(this).count();
    }

    /** {@return the sketch in its serialized form, a string of Redis} */
    public Encoded<HyperLogLog> encoded() {
        return Encoded.hyperLogLog(bytes);
    }

    @Override
    public String toString() {
        return "HyperLogLog[" + count() + "]";
    }

    /**
     * Collects ids and sketches one by one, in 16 KB.
     *
     * <p>Thread safety: confined to one thread at a time.
     */
    public static final class Builder {

        private final byte[] ranks = new byte[REGISTERS];

        /** Adds an id; however often it comes, it counts once. */
        public Builder add(String id) {
            long hash = MurmurHash64A.hash(id);
            int register = register(hash);
            ranks[register] = (byte) Math.max(ranks[register], rank(hash));
            return this;
        }

        /** Adds the ids of a sketch. */
        public Builder add(HyperLogLog sketch) {
            HyperLogLogBytes.addTo(ranks, sketch.bytes);
            return this;
        }

        /** {@return the estimated number of distinct ids added so far: the same as {@code PFCOUNT} returns} */
        public DistinctCount count() {
            double estimate = RankEstimator.estimate(ranks);
            return new DistinctCount(
                    number(estimate * (1 - 2 * STANDARD_ERROR)),
                    number(estimate),
                    number(estimate * (1 + 2 * STANDARD_ERROR)));
        }

        /** The estimate is infinite if all registers have the largest rank. */
        private static long number(double estimate) {
            return Math.min(Math.round(estimate), DurationHistogram.MAX_VALUE);
        }

        /** {@return the sketch of everything added so far} */
        public HyperLogLog build() {
            return new HyperLogLog(HyperLogLogBytes.write(ranks));
        }
    }
}
