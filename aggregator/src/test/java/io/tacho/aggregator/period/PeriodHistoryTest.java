// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodCalendar;
import io.tacho.model.period.Tier;
import io.tacho.store.TransportException;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.Summaries;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** When periods are merged. */
@Isolated("reads the log")
class PeriodHistoryTest {

    private final InMemoryPeriods store = new InMemoryPeriods();
    private final PeriodCalendar utc = new PeriodCalendar(ZoneId.of("UTC"));
    private final ManualScheduler time = new ManualScheduler(Instant.parse("2026-03-28T12:29:57Z"));
    private final PeriodHistory history = new PeriodHistory(store, utc, time, time);
    private final Period hour = utc.containing(Tier.HOUR, time.instant().getEpochSecond());

    /** The seconds of the minute in which the hour was merged. */
    private final List<Long> phases = new ArrayList<>();

    private final Logger logger = (Logger) LoggerFactory.getLogger(PeriodHistory.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void start() {
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
        history.start();
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    private long phase() {
        return time.instant().getEpochSecond() % 60;
    }

    private Throwable conflict(Period target) {
        return new TransportException(target.tier() + " changes all the time", null);
    }

    /** A window is uploaded at the start of each minute. */
    private void advance(int minutes) {
        for (int i = 0; i < minutes; i++) {
            time.advance(Duration.ofSeconds(60 - phase()));
            long end = time.instant().getEpochSecond();
            store.put(new Period(Tier.WINDOW, end - 60, 60), Summaries.minute(1_000 * (end - 60), 1, 1));
            time.advance(Duration.ofSeconds(59));
        }
    }

    @Test
    void passDuringUploads_laterPassesAvoidThem() {
        store.failMerges(target -> {
            if (target.equals(hour)) {
                phases.add(phase());
            }
            return target.tier() == Tier.HOUR && phase() < 5 ? conflict(target) : null;
        });

        advance(5);

        assertThat(phases).containsExactly(2L, 19L, 19L, 19L, 19L, 19L);
        assertThat(store.get(hour).number("seconds")).isEqualTo(300);
        assertThat(log.list).as("uploads at the same time are no failure").isEmpty();
    }

    @Test
    void failureThatLasts_isLoggedOnce_untilItEnds() {
        store.failMerges(target -> target.tier() == Tier.HOUR ? conflict(target) : null);
        advance(5);

        assertThat(log.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN);
        assertThat(log.list.get(0).getFormattedMessage())
                .isEqualTo("long-term history: hours, days and months are not up to date: HOUR changes all the time");

        store.failMerges(target -> null);
        advance(1);
        assertThat(log.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.INFO);
    }

    @Test
    void passThatFails_readsWhatChartsShow() {
        Period day = utc.containing(Tier.DAY, hour.startSeconds() - 86_400);
        store.put(day, Summaries.minute(1_000 * day.startSeconds(), 1, 1));
        store.failMerges(this::conflict);

        advance(1);

        assertThat(store.reads()).isEqualTo(1);
    }
}
