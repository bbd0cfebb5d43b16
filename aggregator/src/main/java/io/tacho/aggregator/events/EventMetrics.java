// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The metrics of the event feed since its start.
 *
 * <p>Thread safety: safe.
 */
public final class EventMetrics {

    final AtomicInteger readers = new AtomicInteger();
    final LongAdder dropped = new LongAdder();
    final LongAdder bytes = new LongAdder();

    EventMetrics() {}

    /** Returns the current number of readers. */
    public int readers() {
        return readers.get();
    }

    /** Returns the number of readers that were disconnected because they accepted no data for too long. */
    public long dropped() {
        return dropped.sum();
    }

    /** Returns the number of bytes sent to readers. */
    public long bytes() {
        return bytes.sum();
    }
}
