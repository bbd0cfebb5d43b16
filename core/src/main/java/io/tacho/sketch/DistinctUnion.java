// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

import org.apache.datasketches.cpc.CpcSketch;
import org.apache.datasketches.cpc.CpcUnion;

/**
 * The union of sketches: an id that several of them have counts once.
 *
 * <p>Thread safety: confined to one thread at a time.
 */
public final class DistinctUnion {

    private static final int TWO_SIGMA = 2;

    private final CpcUnion union = new CpcUnion(DistinctSketch.LG_K);

    /** Adds the ids of a sketch. */
    public void add(DistinctSketch sketch) {
        union.update(sketch.sketch());
    }

    /** Returns the estimated number of distinct ids in all sketches added so far. */
    public DistinctCount count() {
        CpcSketch result = union.getResult();
        if (result.isEmpty()) {
            return DistinctCount.ZERO;
        }
        return new DistinctCount(
                (long) Math.floor(result.getLowerBound(TWO_SIGMA)), Math.round(result.getEstimate()), (long)
                        Math.ceil(result.getUpperBound(TWO_SIGMA)));
    }

    /** Returns the union as one sketch. */
    public DistinctSketch toSketch() {
        return new DistinctSketch(union.getResult());
    }
}
