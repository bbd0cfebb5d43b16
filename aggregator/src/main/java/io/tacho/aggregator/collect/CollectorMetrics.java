// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import io.tacho.codec.MalformedSnapshotException.Reason;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the collector has done since its start.
 *
 * <p>Thread safety: safe.
 */
public final class CollectorMetrics {

    final LongAdder received = new LongAdder();
    final LongAdder outdated = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder joined = new LongAdder();
    final LongAdder left = new LongAdder();
    final LongAdder lost = new LongAdder();
    final LongAdder loads = new LongAdder();
    final LongAdder failedLoads = new LongAdder();
    private final Map<Reason, LongAdder> malformed = new ConcurrentHashMap<>();

    CollectorMetrics() {}

    void malformed(Reason reason) {
        malformed.computeIfAbsent(reason, first -> new LongAdder()).increment();
    }

    /** Well-formed messages and entries that came in. */
    public long received() {
        return received.sum();
    }

    /** Of these, the ones that said nothing new. */
    public long outdated() {
        return outdated.sum();
    }

    /** Of these, the ones for which the view had no room. */
    public long refused() {
        return refused.sum();
    }

    /** Nodes that came. */
    public long joined() {
        return joined.sum();
    }

    /** Nodes that said goodbye. */
    public long left() {
        return left.sum();
    }

    /** Nodes that were given up for silence. */
    public long lost() {
        return lost.sum();
    }

    /** Loads of the whole registry that succeeded. */
    public long loads() {
        return loads.sum();
    }

    /** Reads of the store that failed. */
    public long failedLoads() {
        return failedLoads.sum();
    }

    /** Messages and entries that were not what the contract says. */
    public long malformedFor(Reason reason) {
        LongAdder count = malformed.get(reason);
        return count == null ? 0 : count.sum();
    }
}
