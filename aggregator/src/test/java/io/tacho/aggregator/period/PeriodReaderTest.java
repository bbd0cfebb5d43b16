// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.history.HistoryField;
import io.tacho.aggregator.history.HistoryStep;
import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodCalendar;
import io.tacho.model.period.PeriodSummary;
import io.tacho.model.period.Tier;
import io.tacho.testing.Summaries;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeriodReaderTest {

    /** At least the bytes of a day with one number of nodes. */
    private static final long SMALL_ROW_BYTES = 2_000;

    private final InMemoryPeriods store = new InMemoryPeriods();
    private final PeriodCalendar berlin = new PeriodCalendar(ZoneId.of("Europe/Berlin"));
    private final PeriodReader reader = new PeriodReader(store, berlin, Runnable::run, 1_000_000);

    private static long at(String instant) {
        return Instant.parse(instant).getEpochSecond();
    }

    private List<PeriodRow> read(PeriodUnit unit, String from, String to) {
        return reader.read(unit, at(from), at(to)).toCompletableFuture().join();
    }

    /** A day with one minute of a node, and users with consecutive numbers. */
    private void day(String instant, long factor, int fromUser, int toUser) {
        Period day = berlin.containing(Tier.DAY, at(instant));
        PeriodSummary minute = Summaries.minute(1_000 * day.startSeconds(), 1, factor, 425);
        TreeMap<String, BigInteger> numbers = new TreeMap<>(minute.numbers());
        numbers.put("users_nodes", BigInteger.ONE);
        store.put(
                day,
                new PeriodSummary(
                        numbers,
                        minute.secondsByNodes(),
                        minute.peaks(),
                        minute.timeApi(),
                        null,
                        Summaries.users(fromUser, toUser).encoded(),
                        null));
    }

    @Test
    void days_missing_areGaps() {
        day("2026-03-28T12:00:00Z", 10, 0, 100);
        day("2026-03-30T12:00:00Z", 20, 0, 100);

        List<PeriodRow> rows = read(PeriodUnit.DAY, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z");

        assertThat(rows)
                .extracting(row -> row.endSeconds() - row.startSeconds())
                .as("summer time starts on the second day")
                .containsExactly(86_400L, 82_800L, 86_400L);
        assertThat(rows.get(1).step()).isSameAs(HistoryStep.GAP);
        HistoryStep last = rows.get(2).step();
        assertThat(last.get(HistoryField.NUM_CLIENTS)).isEqualTo(220);
        assertThat(last.get(HistoryField.NUM_CLIENTS_PEAK)).isEqualTo(220);
        assertThat(last.get(HistoryField.NUM_CLIENTS_PEAK_TIME))
                .isEqualTo(rows.get(2).startSeconds());
        assertThat(last.get(HistoryField.NUM_MSG_SENT)).isEqualTo(60);
        assertThat(last.get(HistoryField.TIME_API_MEAN))
                .as("160 ns of 80 requests")
                .isEqualTo(2);
        assertThat(last.get(HistoryField.TIME_API_P99)).isEqualTo(425);
        assertThat(last.get(HistoryField.SECONDS)).isEqualTo(60);
        assertThat(last.get(HistoryField.NUM_UNIQUE_CLIENTS)).as("as PFCOUNT").isEqualTo(99);
        assertThat(last.get(HistoryField.NUM_CHANNELS)).as("no sketches").isNull();
        assertThat(last.get(HistoryField.NUM_CHANNELS_LOWER)).isEqualTo(260);
    }

    @Test
    void week_distinctUsersAreTheUnionOfItsDays() {
        day("2026-03-23T12:00:00Z", 1, 0, 600);
        day("2026-03-29T12:00:00Z", 2, 300, 900);
        day("2026-03-30T12:00:00Z", 4, 0, 5_000);

        List<PeriodRow> weeks = read(PeriodUnit.WEEK, "2026-03-25T00:00:00Z", "2026-03-26T00:00:00Z");

        assertThat(weeks).hasSize(1);
        assertThat(weeks.get(0).startSeconds()).isEqualTo(at("2026-03-22T23:00:00Z"));
        assertThat(weeks.get(0).step().get(HistoryField.NUM_MSG_PUBLISHED)).isEqualTo(3);
        assertThat(weeks.get(0).step().get(HistoryField.NUM_UNIQUE_CLIENTS)).isBetween(885L, 915L);
    }

    @Test
    void unit_unchanged_isNotReadAgain() {
        day("2026-03-28T12:00:00Z", 10, 0, 1);
        day("2026-03-30T12:00:00Z", 20, 0, 1);
        read(PeriodUnit.DAY, "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z");
        assertThat(store.reads()).isEqualTo(2);

        day("2026-03-30T12:00:00Z", 21, 0, 1);
        List<PeriodRow> rows = read(PeriodUnit.DAY, "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z");

        assertThat(store.reads()).isEqualTo(3);
        assertThat(rows.get(29).step().get(HistoryField.NUM_MSG_PUBLISHED)).isEqualTo(21);

        store.remove(berlin.containing(Tier.DAY, at("2026-03-30T12:00:00Z")));
        assertThat(read(PeriodUnit.DAY, "2026-03-30T00:00:00Z", "2026-03-30T12:00:00Z")
                        .get(0)
                        .step())
                .isSameAs(HistoryStep.GAP);
    }

    /** The day with that number, from 0. */
    private Period day(int number) {
        return berlin.containing(Tier.DAY, at("2025-01-01T12:00:00Z") + 86_400L * number);
    }

    /** Stores the first days, with this many different numbers of nodes. */
    private void days(int days, int nodeCounts) {
        TreeMap<Long, Long> seconds = new TreeMap<>();
        for (long nodes = 1; nodes <= nodeCounts; nodes++) {
            seconds.put(nodes, 1L);
        }
        for (int i = 0; i < days; i++) {
            Period period = day(i);
            PeriodSummary minute = Summaries.minute(1_000 * period.startSeconds(), 1, 1, 425);
            store.put(
                    period,
                    new PeriodSummary(minute.numbers(), seconds, minute.peaks(), minute.timeApi(), null, null, null));
        }
    }

    @Test
    void readsAtTheSameTime_largerThanTheCache_haveNoGaps() {
        days(500, 1);
        long middle = day(250).startSeconds();
        Queue<Runnable> tasks = new ArrayDeque<>();
        PeriodReader small = new PeriodReader(store, berlin, tasks::add, 250 * SMALL_ROW_BYTES);
        CompletableFuture<List<PeriodRow>> first =
                small.read(PeriodUnit.DAY, day(0).startSeconds(), middle).toCompletableFuture();
        CompletableFuture<List<PeriodRow>> second =
                small.read(PeriodUnit.DAY, middle, day(500).startSeconds()).toCompletableFuture();

        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }

        assertThat(first.join()).hasSize(250).noneMatch(row -> row.step() == HistoryStep.GAP);
        assertThat(second.join()).hasSize(250).noneMatch(row -> row.step() == HistoryStep.GAP);
        assertThat(second.join())
                .extracting(PeriodRow::startSeconds)
                .startsWith(middle)
                .isSorted();
    }

    @Test
    void readThatFails_delaysNoOther() {
        days(1, 1);
        Queue<Runnable> tasks = new ArrayDeque<>();
        PeriodReader delayed = new PeriodReader(store, berlin, tasks::add, 0);
        long day = day(0).startSeconds();
        store.failReads(new IllegalStateException("disconnected"));
        CompletableFuture<List<PeriodRow>> first =
                delayed.read(PeriodUnit.DAY, day, day + 1).toCompletableFuture();
        CompletableFuture<List<PeriodRow>> second =
                delayed.read(PeriodUnit.DAY, day, day + 1).toCompletableFuture();

        tasks.remove().run();
        tasks.remove().run();
        tasks.remove().run();
        assertThat(first).isCompletedExceptionally();
        store.failReads(null);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }

        assertThat(second.join()).hasSize(1).noneMatch(row -> row.step() == HistoryStep.GAP);
    }

    @ParameterizedTest
    @CsvSource({"1, 10", "64, 18"})
    void cache_isLimitedInBytes(int nodeCounts, int reads) {
        PeriodReader small = new PeriodReader(store, berlin, Runnable::run, 10 * SMALL_ROW_BYTES);
        days(10, nodeCounts);

        small.read(PeriodUnit.DAY, day(0).startSeconds(), day(10).startSeconds());
        small.read(PeriodUnit.DAY, day(0).startSeconds(), day(10).startSeconds());

        assertThat(store.reads()).as("of many numbers of nodes, 2 days fit").isEqualTo(reads);
    }

    @Test
    void availability_isAShareOfTheElapsedTime() {
        TreeMap<Long, Long> seconds = new TreeMap<>(Map.of(3L, 1_800L, 2L, 900L));
        PeriodRow hour = new PeriodRow(
                0,
                3_600,
                HistoryStep.GAP,
                new PeriodSummary(new TreeMap<>(), seconds, Map.of(), null, null, null, null));

        assertThat(hour.availability(1, 9_999)).isEqualTo(0.75);
        assertThat(hour.availability(3, 9_999)).isEqualTo(0.5);
        assertThat(hour.availability(4, 9_999)).isZero();
        assertThat(hour.availability(3, 1_800)).as("an incomplete hour").isEqualTo(1);
    }
}
