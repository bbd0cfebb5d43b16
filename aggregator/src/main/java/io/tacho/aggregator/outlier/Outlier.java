// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import java.time.Instant;
import java.util.Locale;

/**
 * A node whose value deviates from its peers' in several consecutive windows.
 *
 * @param uid of the node
 * @param node the name of the node
 * @param indicator what is compared
 * @param value the node's value in its last window, in the unit of the indicator's field; the number of nodes that run its version
 * @param median the median of the peers, in the same unit; the number of nodes that run the version of most
 * @param factor the value divided by the median, both at least the indicator's floor; below 1 if the node's value is too small
 * @param peers the number of nodes that were compared, including this one
 * @param method how the deviation was judged
 * @param since the time of the first of the consecutive windows
 */
public record Outlier(
        String uid,
        String node,
        Indicator indicator,
        double value,
        double median,
        double factor,
        int peers,
        Method method,
        Instant since) {

    /** How a deviation is judged. */
    public enum Method {
        /** By the median and the median absolute deviation of at least {@link OutlierDetector#MIN_PEERS} nodes. */
        MEDIAN_DEVIATION,
        /** By the factor to the median of the other nodes, with a wider bound, because there are too few for a spread. */
        RATIO,
        /** Because only few nodes have the value. */
        MINORITY;

        /** {@return the name in lower case, as in the API} */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns the deviation for people, e.g. {@code time_api_mean 4.1 × the median of 40 nodes}. */
    public String toText() {
        if (indicator == Indicator.VERSION) {
            return "version of " + Math.round(value) + " of " + peers + " nodes";
        }
        return indicator.fieldName() + (indicator.isPerClient() ? " per client " : " ")
                + (factor < 10 ? Math.rint(factor * 10) / 10 : Math.rint(factor)) + " × the median of " + peers
                + " nodes";
    }
}
