// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.swarm;

import io.tacho.agent.record.RequestTimes;
import io.tacho.sketch.DurationHistogram;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line about the time since the last one, and a warning when Redis begins not to follow.
 *
 * <p>Thread safety: one caller at a time.
 */
final class SwarmReport {

    private static final Logger logger = LoggerFactory.getLogger(SwarmReport.class);

    private final int nodes;
    private final BatchPublisher batches;
    private final LongSupplier nanoTime;

    private long lastNanos;
    private long lastFailed;
    private long lastSkipped;
    private boolean behind;

    SwarmReport(int nodes, BatchPublisher batches, LongSupplier nanoTime) {
        this.nodes = nodes;
        this.batches = batches;
        this.nanoTime = nanoTime;
        lastNanos = nanoTime.getAsLong();
    }

    /** Writes it to the log. */
    void write() {
        long skippedBefore = lastSkipped;
        long failedBefore = lastFailed;
        logger.info("{}", line());
        boolean behindNow = lastSkipped > skippedBefore || lastFailed > failedBefore;
        if (behindNow && !behind) {
            logger.warn("Redis does not follow: beats fail or are left out");
        } else if (behind && !behindNow) {
            logger.info("Redis follows again");
        }
        behind = behindNow;
    }

    String line() {
        long now = nanoTime.getAsLong();
        double seconds = Math.max(1e-3, (now - lastNanos) / 1e9);
        RequestTimes responses = batches.roundTrips.takeInterval().api();
        DurationHistogram times = responses.histogram() == null
                ? DurationHistogram.EMPTY
                : responses.histogram().decodeIfReadable().orElse(DurationHistogram.EMPTY);
        long failed = batches.failed.sum();
        long skipped = batches.skipped.sum();
        String line = String.format(
                Locale.ROOT,
                "%d nodes: %.0f beats/s, %d failed, %d skipped, %d in flight, round trip p50 %.1f ms, p99 %.1f ms",
                nodes,
                responses.count() / seconds,
                failed - lastFailed,
                skipped - lastSkipped,
                batches.inFlight(),
                times.quantile(0.5) / 1e6,
                times.quantile(0.99) / 1e6);
        lastNanos = now;
        lastFailed = failed;
        lastSkipped = skipped;
        return line;
    }
}
