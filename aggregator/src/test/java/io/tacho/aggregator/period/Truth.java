// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The expected totals of a period, computed by brute force. */
final class Truth {

    long windows;
    long factors;
    long integral;
    long peak;
    long peakSeconds;
    final BitSet users = new BitSet();
    final List<long[]> durations = new ArrayList<>();

    /** Adds the total of the cluster at one time. */
    void total(long clients, long atSeconds) {
        if (clients > peak) {
            peak = clients;
            peakSeconds = atSeconds;
        }
    }
}
