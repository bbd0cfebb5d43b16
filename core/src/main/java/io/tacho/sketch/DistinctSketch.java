// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

import org.apache.datasketches.cpc.CpcSketch;
import org.apache.datasketches.cpc.CpcUnion;

/**
 * A set of ids, of any size in at most 5 KB, that estimates how many distinct ones it has: small sets nearly exactly, large ones
 * with a standard error of 0.8 %. Sketches of many nodes make a {@link DistinctUnion}, in which an id of several nodes
 * counts once.
 *
 * <p>It is a CPC sketch of Apache DataSketches with 2^13 rows and the default seed, over ids in UTF-8: its libraries for other
 * languages read and write the same bytes.
 *
 * <p>Thread safety: immutable.
 */
public final class DistinctSketch {

    static final int LG_K = 13;

    /** No ids. */
    public static final DistinctSketch EMPTY = new DistinctSketch(new CpcSketch(LG_K));

    private final CpcSketch sketch;

    DistinctSketch(CpcSketch sketch) {
        this.sketch = sketch;
    }

    /** Returns the sketch of these ids; however often an id comes, it counts once. */
    public static DistinctSketch of(Iterable<String> ids) {
        Builder builder = new Builder();
        ids.forEach(builder::add);
        return builder.build();
    }

    /**
     * Collects ids one by one, in at most 20 KB.
     *
     * <p>Thread safety: confined to one thread at a time.
     */
    public static final class Builder {

        private final CpcSketch sketch = new CpcSketch(LG_K);

        /** Adds an id; however often it comes, it counts once. */
        public void add(String id) {
            sketch.update(id);
        }

        /** {@return the sketch of the ids added so far} */
        public DistinctSketch build() {
            // a union's result leaves out what only the sketch of a single stream can use
            CpcUnion union = new CpcUnion(LG_K);
            union.update(sketch);
            return new DistinctSketch(union.getResult());
        }
    }

    /** Returns the estimated number of distinct ids. */
    public DistinctCount count() {
        DistinctUnion union = new DistinctUnion();
        union.add(this);
        return union.count();
    }

    CpcSketch sketch() {
        return sketch;
    }

    /** {@return the sketch in its serialized form} */
    public Encoded<DistinctSketch> encoded() {
        return Encoded.sketch(sketch.toByteArray());
    }

    @Override
    public String toString() {
        return "DistinctSketch[" + count() + "]";
    }
}
