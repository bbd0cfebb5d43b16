// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parses packets line by line. Rejected lines are counted by reason and logged at most once a minute with one example.
 *
 * <p>Thread safety: safe.
 */
final class StatsdIntake {

    private static final Logger logger = LoggerFactory.getLogger(StatsdIntake.class);

    private static final long REPORT_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MAX_EXAMPLE = 80;

    private final StatsdNames names;
    private final StatsdNumbers numbers;
    private final LongSupplier nanoTime;

    private final Map<Rejected.Reason, Long> rejected = new EnumMap<>(Rejected.Reason.class);
    private final Map<Rejected.Reason, Long> unreported = new EnumMap<>(Rejected.Reason.class);
    private @Nullable String example;
    private boolean reported;
    private long reportedNanos;
    private boolean received;
    private long receivedNanos;

    StatsdIntake(StatsdNames names, StatsdNumbers numbers, LongSupplier nanoTime) {
        this.names = names;
        this.numbers = numbers;
        this.nanoTime = nanoTime;
    }

    /** Adds all lines of a packet that is longer than what was read of it, but the last one, which is cut. */
    void cutPacket(String packet) {
        int end = packet.lastIndexOf('\n') + 1;
        packet(packet.substring(0, end));
        reject(Rejected.Reason.CUT, packet.substring(end));
    }

    /** Adds all lines of a packet. */
    void packet(String packet) {
        // some clients end a line with a blank or a NUL
        packet.lines().map(String::trim).filter(line -> !line.isEmpty()).forEach(this::line);
    }

    private void line(String text) {
        try {
            StatsdLine line = StatsdLine.parse(text);
            String extra = names.extra(line);
            if (extra == null) {
                numbers.add(names.field(line), line);
            } else {
                numbers.extras().add(extra, line);
            }
            synchronized (this) {
                received = true;
                receivedNanos = nanoTime.getAsLong();
            }
        } catch (Rejected e) {
            reject(e.reason, text);
        }
    }

    private synchronized void reject(Rejected.Reason reason, String text) {
        rejected.merge(reason, 1L, Long::sum);
        unreported.merge(reason, 1L, Long::sum);
        if (example == null) {
            example = text.substring(0, Math.min(text.length(), MAX_EXAMPLE)).replaceAll("\\p{Cntrl}", "?");
        }
    }

    /** Logs the lines that were rejected since the last call, at most once a minute. */
    synchronized void report() {
        long now = nanoTime.getAsLong();
        if (unreported.isEmpty() || (reported && now - reportedNanos < REPORT_NANOS)) {
            return;
        }
        logger.warn(
                "StatsD lines rejected: {}; for example: '{}'",
                unreported.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey().description)
                        .collect(Collectors.joining(", ")),
                example);
        unreported.clear();
        example = null;
        reported = true;
        reportedNanos = now;
    }

    /** {@return the number of lines that were rejected for a reason} */
    synchronized long rejected(Rejected.Reason reason) {
        return rejected.getOrDefault(reason, 0L);
    }

    /** Returns the time since the last valid line; {@link Long#MAX_VALUE} if there was none. */
    synchronized long silentNanos(long now) {
        return received ? now - receivedNanos : Long.MAX_VALUE;
    }
}
