// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodCalendar;
import io.tacho.model.period.PeriodSummary;
import io.tacho.model.period.Tier;
import io.tacho.store.PeriodIndex;
import io.tacho.store.PeriodStore;
import io.tacho.testing.ManualScheduler;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The units of the long-term history, and how many may read them at a time. */
class PeriodUnitTest {

    private static final long DAY = 86_400;

    private static boolean isStart(PeriodUnit unit, ZonedDateTime time) {
        boolean isMidnight = time.toLocalTime().toSecondOfDay() == 0;
        return switch (unit) {
            case HOUR -> true;
            case DAY -> isMidnight;
            case WEEK -> isMidnight && time.getDayOfWeek() == DayOfWeek.MONDAY;
            case MONTH -> isMidnight && time.getDayOfMonth() == 1;
        };
    }

    @ParameterizedTest
    @CsvSource({"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"})
    void units_coverASpanWithoutGaps(String name) {
        ZoneId zone = ZoneId.of(name);
        PeriodCalendar calendar = new PeriodCalendar(zone);
        Random random = new Random(23);
        for (int i = 0; i < 20; i++) {
            long from = Instant.parse("2020-01-01T00:00:00Z").getEpochSecond()
                    + random.nextInt(3_000) * DAY
                    + random.nextInt(86_400);
            long to = from + 1 + random.nextInt((int) (90 * DAY));
            for (PeriodUnit unit : PeriodUnit.values()) {
                List<List<Period>> units = unit.overlapping(calendar, from, to);
                List<Period> all = units.stream().flatMap(List::stream).toList();

                assertThat(all.get(0).startSeconds()).isLessThanOrEqualTo(from);
                assertThat(units.get(0).get(units.get(0).size() - 1).endSeconds())
                        .isGreaterThan(from);
                assertThat(units.get(units.size() - 1).get(0).startSeconds()).isLessThan(to);
                assertThat(all.get(all.size() - 1).endSeconds()).isGreaterThanOrEqualTo(to);
                assertThat(all.subList(1, all.size()).stream().map(Period::startSeconds))
                        .isEqualTo(all.subList(0, all.size() - 1).stream()
                                .map(Period::endSeconds)
                                .toList());
                assertThat(all).allMatch(period -> period.tier() == unit.tier());
                assertThat(units)
                        .allMatch(each -> isStart(
                                unit,
                                Instant.ofEpochSecond(each.get(0).startSeconds())
                                        .atZone(zone)));
                assertThat(units).allMatch(each -> each.size() == (unit == PeriodUnit.WEEK ? 7 : 1));
            }
        }
    }

    @Test
    void spanOfOneSecond_hasOneUnit() {
        PeriodCalendar calendar = new PeriodCalendar(ZoneId.of("UTC"));
        for (PeriodUnit unit : PeriodUnit.values()) {
            assertThat(unit.overlapping(calendar, 40 * DAY, 40 * DAY + 1)).hasSize(1);
        }
    }

    @Test
    void label_identifiesItsUnit() {
        for (PeriodUnit unit : PeriodUnit.values()) {
            assertThat(PeriodUnit.of(unit.label())).isEqualTo(unit);
        }
        assertThat(PeriodUnit.WEEK.tier()).isEqualTo(Tier.DAY);
        assertThat(List.of("", "Day", "days", "year"))
                .extracting(PeriodUnit::of)
                .containsOnlyNulls();
    }

    /** A store that responds when the test completes a request. */
    private static final class SlowStore implements PeriodStore {
        private final List<CompletableFuture<PeriodIndex>> requests = new ArrayList<>();
        private boolean isBroken;

        @Override
        public CompletionStage<PeriodIndex> index(Tier tier) {
            if (isBroken) {
                throw new IllegalStateException("broken");
            }
            requests.add(new CompletableFuture<>());
            return requests.get(requests.size() - 1);
        }

        @Override
        public CompletionStage<Boolean> rollUp(Period target, List<Period> sources) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Map<Period, PeriodSummary>> read(Collection<Period> periods) {
            return CompletableFuture.completedFuture(Map.of());
        }

        @Override
        public CompletionStage<Boolean> restore(Period period, PeriodSummary summary) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    @Test
    void pendingReads_areBounded() {
        SlowStore store = new SlowStore();
        ManualScheduler scheduler = new ManualScheduler();
        PeriodHistory history = new PeriodHistory(store, new PeriodCalendar(ZoneId.of("UTC")), scheduler, scheduler);
        List<CompletableFuture<List<PeriodRow>>> reads = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            reads.add(history.read(PeriodUnit.DAY, DAY, 2 * DAY).toCompletableFuture());
        }
        assertThatThrownBy(() -> history.read(PeriodUnit.DAY, DAY, 2 * DAY)
                        .toCompletableFuture()
                        .join())
                .hasRootCauseInstanceOf(RejectedExecutionException.class)
                .hasRootCauseMessage("history: too many wait for it (expected: at most 100)");
        assertThat(store.requests).hasSize(100);

        store.requests.get(0).complete(new PeriodIndex(10, Map.of()));
        store.requests.get(1).completeExceptionally(new IllegalStateException("disconnected"));
        scheduler.runPending();
        assertThat(reads.get(0).join()).hasSize(1);
        assertThat(reads.get(1)).isCompletedExceptionally();

        store.isBroken = true;
        for (int i = 0; i < 200; i++) {
            assertThatThrownBy(() -> history.read(PeriodUnit.DAY, DAY, 2 * DAY)
                            .toCompletableFuture()
                            .join())
                    .hasRootCauseMessage("broken");
        }
        store.isBroken = false;
        for (int i = 0; i < 2; i++) {
            assertThat(history.read(PeriodUnit.DAY, DAY, 2 * DAY).toCompletableFuture())
                    .isNotDone();
        }
        assertThat(history.read(PeriodUnit.DAY, DAY, 2 * DAY).toCompletableFuture())
                .isCompletedExceptionally();
    }
}
