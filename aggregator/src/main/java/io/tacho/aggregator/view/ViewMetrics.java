// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.model.MalformedSnapshotException.Reason;
import io.tacho.model.MembershipEvent;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Counters of the messages and entries that a view received, and of the membership changes that they caused. The collector
 * increments the former, the view the latter.
 *
 * <p>Thread safety: safe.
 */
public final class ViewMetrics {

    /** The membership events that are counted. */
    public static final Set<MembershipEvent> COUNTED =
            Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(MembershipEvent.DRAINING)));

    private final LongAdder received = new LongAdder();
    private final LongAdder outdated = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder loads = new LongAdder();
    private final LongAdder failedLoads = new LongAdder();
    private final LongAdder responses = new LongAdder();
    private final LongAdder responseNanos = new LongAdder();
    private final Map<MembershipEvent, RecentCounter> events = new EnumMap<>(MembershipEvent.class);
    private final Map<Reason, LongAdder> malformed = new ConcurrentHashMap<>();
    private final RunningTotals running;

    /** Creates counters that are zero. */
    ViewMetrics(LongSupplier nanoTime) {
        running = new RunningTotals(nanoTime);
        COUNTED.forEach(event -> events.put(event, new RecentCounter(nanoTime)));
    }

    /** Increments the number of membership changes of this kind. */
    void countEvent(MembershipEvent event) {
        RecentCounter count = events.get(event);
        if (count != null) {
            count.increment();
        }
    }

    /** {@return the cluster's counters and peaks} */
    public RunningTotals running() {
        return running;
    }

    /** Counts a well-formed message or entry. */
    public void countReceived() {
        received.increment();
    }

    /** Counts a message or entry that contained nothing new. */
    public void countOutdated() {
        outdated.increment();
    }

    /** Counts a message or entry for which there was no room. */
    public void countRejected() {
        rejected.increment();
    }

    /** Counts a malformed message or entry and returns the total for that reason. */
    public long countMalformed(Reason reason) {
        LongAdder count = malformed.computeIfAbsent(reason, first -> new LongAdder());
        count.increment();
        return count.sum();
    }

    /** Counts a successful load of the whole registry. */
    public void countLoad() {
        loads.increment();
    }

    /** Counts a failed read of the store. */
    public void countFailedLoad() {
        failedLoads.increment();
    }

    /** Counts a response of the store and the time that it took. */
    public void countStoreResponse(long nanos) {
        responses.increment();
        responseNanos.add(nanos);
    }

    /** {@return the number of responses of the store} */
    public long storeResponses() {
        return responses.sum();
    }

    /** {@return the total time that the responses of the store took} */
    public long storeResponseNanos() {
        return responseNanos.sum();
    }

    /** {@return the number of well-formed messages and entries} */
    public long received() {
        return received.sum();
    }

    /** {@return the number of messages and entries that contained nothing new} */
    public long outdated() {
        return outdated.sum();
    }

    /** {@return the number of messages and entries for which there was no room} */
    public long rejected() {
        return rejected.sum();
    }

    /** {@return the number of successful loads of the whole registry} */
    public long loads() {
        return loads.sum();
    }

    /** {@return the number of failed reads of the store} */
    public long failedLoads() {
        return failedLoads.sum();
    }

    /** {@return the number of events since the start} */
    public long eventTotal(MembershipEvent event) {
        return countOf(event).total();
    }

    /** {@return the number of events within {@link #recentWindow()}} */
    public long recentEvents(MembershipEvent event) {
        return countOf(event).recent();
    }

    private RecentCounter countOf(MembershipEvent event) {
        return Objects.requireNonNull(events.get(event), event::label);
    }

    /** {@return the length of the recent period} */
    public Duration recentWindow() {
        return RecentCounter.WINDOW;
    }

    /** {@return the number of malformed messages and entries by reason; only the reasons that occurred} */
    public Map<String, Long> malformed() {
        Map<String, Long> counts = new TreeMap<>();
        malformed.forEach((reason, count) -> counts.put(reason.label(), count.sum()));
        return counts;
    }
}
