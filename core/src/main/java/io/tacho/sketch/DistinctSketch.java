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
        CpcSketch sketch = new CpcSketch(LG_K);
        for (String id : ids) {
            sketch.update(id);
        }
        // a union's result leaves out what only the sketch of a single stream can use
        CpcUnion union = new CpcUnion(LG_K);
        union.update(sketch);
        return new DistinctSketch(union.getResult());
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
