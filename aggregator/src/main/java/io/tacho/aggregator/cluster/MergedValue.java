// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import io.tacho.sketch.DistinctCount;
import org.jspecify.annotations.Nullable;

/** The merged values that all nodes have for one field. */
public sealed interface MergedValue {

    /** {@return the value as one number; null if there is none} */
    @Nullable
    Long number();

    /** {@return whether {@link #number()} is only an upper bound} */
    default boolean isUpperBound() {
        return false;
    }

    /** A sum, a maximum or a mean. */
    record Single(long value) implements MergedValue {
        @Override
        public Long number() {
            return value;
        }
    }

    /** The smallest and the largest value. */
    record Range(long min, long max) implements MergedValue {
        @Override
        public @Nullable Long number() {
            return null;
        }
    }

    /**
     * The number of distinct ids in sets that may overlap. It is between the largest value and the sum; if all nodes publish a
     * sketch, it is estimated more precisely.
     *
     * @param nodes the number of nodes
     * @param max the largest value of one node
     * @param sum the sum of all values
     * @param sketches the number of nodes with a readable sketch
     * @param union the size of the union of these sketches; null if there is none
     */
    record Union(
            int nodes,
            long max,
            long sum,
            int sketches,
            @Nullable DistinctCount union) implements MergedValue {

        @Override
        public Long number() {
            DistinctCount all = ofAllNodes();
            return all == null ? sum : all.estimate();
        }

        @Override
        public boolean isUpperBound() {
            return ofAllNodes() == null && nodes > 1;
        }

        /** {@return a lower bound of the number of distinct ids} */
        public long lower() {
            return union == null ? max : Math.max(max, union.lower());
        }

        /** {@return an upper bound of the number of distinct ids} */
        public long upper() {
            DistinctCount all = ofAllNodes();
            return all == null ? sum : Math.max(lower(), Math.min(sum, all.upper()));
        }

        private @Nullable DistinctCount ofAllNodes() {
            return sketches == nodes ? union : null;
        }
    }
}
