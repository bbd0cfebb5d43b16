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
 * Takes packets: line by line, each for itself. What is refused is counted by reason and said once a minute; nothing of it is
 * kept but one example.
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

    private final Map<Refused.Reason, Long> refused = new EnumMap<>(Refused.Reason.class);
    private final Map<Refused.Reason, Long> unreported = new EnumMap<>(Refused.Reason.class);
    private @Nullable String example;
    private boolean reported;
    private long reportedNanos;
    private boolean heard;
    private long heardNanos;

    StatsdIntake(StatsdNames names, StatsdNumbers numbers, LongSupplier nanoTime) {
        this.names = names;
        this.numbers = numbers;
        this.nanoTime = nanoTime;
    }

    /** Takes all lines of a packet. */
    void packet(String packet) {
        packet.lines().filter(line -> !line.isBlank()).forEach(this::line);
    }

    private void line(String text) {
        try {
            StatsdLine line = StatsdLine.parse(text);
            numbers.add(names.field(line), line);
            synchronized (this) {
                heard = true;
                heardNanos = nanoTime.getAsLong();
            }
        } catch (Refused e) {
            refuse(e.reason, text);
        }
    }

    private synchronized void refuse(Refused.Reason reason, String text) {
        refused.merge(reason, 1L, Long::sum);
        unreported.merge(reason, 1L, Long::sum);
        if (example == null) {
            example = text.substring(0, Math.min(text.length(), MAX_EXAMPLE)).replaceAll("\\p{Cntrl}", "?");
        }
    }

    /** Says what was refused since the last time, at most once a minute. */
    synchronized void report() {
        long now = nanoTime.getAsLong();
        if (unreported.isEmpty() || (reported && now - reportedNanos < REPORT_NANOS)) {
            return;
        }
        logger.warn(
                "StatsD lines refused: {}; for one: '{}'",
                unreported.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey().inWords)
                        .collect(Collectors.joining(", ")),
                example);
        unreported.clear();
        example = null;
        reported = true;
        reportedNanos = now;
    }

    /** How many lines were refused for a reason. */
    synchronized long refused(Refused.Reason reason) {
        return refused.getOrDefault(reason, 0L);
    }

    /** How long nothing was heard that could be taken; as long as can be where nothing ever was. */
    synchronized long silentNanos(long now) {
        return heard ? now - heardNanos : Long.MAX_VALUE;
    }
}
