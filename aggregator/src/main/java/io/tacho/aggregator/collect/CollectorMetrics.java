// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import io.tacho.codec.MalformedSnapshotException.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What the collector has done since its start, and lately.
 *
 * <p>Thread safety: safe.
 */
public final class CollectorMetrics {

    /** What becomes of nodes. */
    public enum Fate {
        /** Came. */
        JOINED("joined"),
        /** Said goodbye. */
        LEFT("left"),
        /** Was given up for silence. */
        LOST("lost"),
        /** Was replaced by its restarted self. */
        RESTARTED("restarted");

        private final String label;

        Fate(String label) {
            this.label = label;
        }

        /** In lower case, for answers. */
        public String label() {
            return label;
        }
    }

    final LongAdder received = new LongAdder();
    final LongAdder outdated = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder loads = new LongAdder();
    final LongAdder failedLoads = new LongAdder();
    private final LongAdder answers = new LongAdder();
    private final LongAdder answerNanos = new LongAdder();
    private final Map<Fate, RecentCount> fates = new ConcurrentHashMap<>();
    private final Map<Reason, LongAdder> malformed = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    CollectorMetrics(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void count(Fate fate) {
        fates.computeIfAbsent(fate, first -> new RecentCount(nanoTime)).increment();
    }

    /** Tells how many there are now of that reason. */
    long count(Reason reason) {
        LongAdder count = malformed.computeIfAbsent(reason, first -> new LongAdder());
        count.increment();
        return count.sum();
    }

    /** The store has answered a question after that time. */
    void answered(long nanos) {
        answers.increment();
        answerNanos.add(nanos);
    }

    /** Questions that the store has answered. */
    public long answers() {
        return answers.sum();
    }

    /** How long that took, all together. */
    public long answerNanos() {
        return answerNanos.sum();
    }

    /** Well-formed messages and entries that came in. */
    public long received() {
        return received.sum();
    }

    /** Of these, the ones that said nothing new. */
    public long outdated() {
        return outdated.sum();
    }

    /** Of these, the ones for which there was no room. */
    public long refused() {
        return refused.sum();
    }

    /** Loads of the whole registry that succeeded. */
    public long loads() {
        return loads.sum();
    }

    /** Reads of the store that failed. */
    public long failedLoads() {
        return failedLoads.sum();
    }

    /** How many nodes met that fate since the start. */
    public long total(Fate fate) {
        RecentCount count = fates.get(fate);
        return count == null ? 0 : count.total();
    }

    /** How many nodes met that fate within {@link #recentWindow()}. */
    public long lately(Fate fate) {
        RecentCount count = fates.get(fate);
        return count == null ? 0 : count.lately();
    }

    /** What lately means. */
    public Duration recentWindow() {
        return RecentCount.WINDOW;
    }

    /** Messages and entries that were not what the contract says, by reason; those that occurred. */
    public Map<String, Long> malformed() {
        Map<String, Long> counts = new TreeMap<>();
        malformed.forEach((reason, count) -> counts.put(reason.label(), count.sum()));
        return counts;
    }
}
