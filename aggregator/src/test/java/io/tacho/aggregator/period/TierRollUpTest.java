// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import static io.tacho.testing.Windows.SLOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.model.Field;
import io.tacho.model.period.Peak;
import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodCalendar;
import io.tacho.model.period.Tier;
import io.tacho.store.TransportException;
import io.tacho.testing.Summaries;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class TierRollUpTest {

    private static final long START = SLOT / 1_000;

    private final InMemoryPeriods store = new InMemoryPeriods();
    private final PeriodCalendar berlin = new PeriodCalendar(ZoneId.of("Europe/Berlin"));
    private long nowMillis = SLOT + Duration.ofHours(3).toMillis();
    private TierRollUp rollUp = newRollUp();

    private TierRollUp newRollUp() {
        return new TierRollUp(store, berlin, Runnable::run, () -> Instant.ofEpochMilli(nowMillis));
    }

    private void window(long startMillis, int nodes, long factor) {
        store.put(new Period(Tier.WINDOW, startMillis / 1_000, 60), Summaries.minute(startMillis, nodes, factor));
    }

    private int pass() {
        return rollUp.pass().toCompletableFuture().join();
    }

    @Test
    void pass_mergesAllTiers() {
        window(SLOT, 2, 10);
        window(SLOT + 60_000, 3, 10);
        window(SLOT + Duration.ofHours(1).toMillis(), 1, 10);

        assertThat(pass()).isEqualTo(4);

        Period month = berlin.containing(Tier.MONTH, START);
        assertThat(store.periods(Tier.HOUR)).hasSize(2);
        assertThat(store.periods(Tier.DAY)).containsExactly(berlin.containing(Tier.DAY, START));
        assertThat(store.periods(Tier.MONTH)).containsExactly(month);
        assertThat(store.get(month).number("num_msg_published")).isEqualTo(60);
        assertThat(store.get(month).peaks()).containsEntry(Field.NUM_CLIENTS, new Peak(330, START + 60));
        assertThat(store.get(month).coveredSeconds()).isEqualTo(180);
    }

    @Test
    void timeZoneChanges_nothingIsCountedTwice() {
        window(SLOT, 2, 10);
        pass();

        PeriodCalendar utc = new PeriodCalendar(ZoneId.of("UTC"));
        new TierRollUp(store, utc, Runnable::run, () -> Instant.ofEpochMilli(nowMillis))
                .pass()
                .toCompletableFuture()
                .join();

        Period month = utc.containing(Tier.MONTH, START);
        assertThat(store.get(month).number("num_msg_published")).isEqualTo(20);
        assertThat(store.get(month).coveredSeconds()).isEqualTo(60);
    }

    @Test
    void pass_mergesOnlyChangedPeriods() {
        window(SLOT, 2, 10);
        pass();
        int merges = store.merges();

        assertThat(pass()).isZero();
        assertThat(store.merges()).isEqualTo(merges);

        window(SLOT + 60_000, 2, 10);
        nowMillis += TierRollUp.UNFINISHED.toMillis() - 1;
        assertThat(pass()).as("the hour").isEqualTo(1);
        nowMillis += 1;
        assertThat(pass()).as("day and month").isEqualTo(2);
    }

    @Test
    void lateWindow_ofAnEndedMonth_isInAllTiers() {
        window(SLOT, 1, 1);
        nowMillis += Duration.ofDays(40).toMillis();
        pass();
        window(SLOT + 60_000, 1, 5);

        assertThat(pass()).isEqualTo(3);

        assertThat(store.get(berlin.containing(Tier.MONTH, START)).number("num_msg_published"))
                .isEqualTo(6);
    }

    @Test
    void lostPeriod_isMergedAgain() {
        window(SLOT, 1, 1);
        pass();
        Period day = berlin.containing(Tier.DAY, START);
        store.remove(day);

        nowMillis += TierRollUp.VERIFICATION.toMillis();
        pass();

        assertThat(store.get(day).number("num_msg_published")).isEqualTo(1);
    }

    @Test
    void secondAggregator_hasTheSameResult() {
        window(SLOT, 2, 10);
        pass();
        rollUp = newRollUp();

        assertThat(pass()).isZero();
    }

    @Test
    void periodThatFails_delaysNoOther() {
        Period failing = berlin.containing(Tier.HOUR, START);
        Period next = berlin.containing(Tier.HOUR, START + 3_600);
        Period month = berlin.containing(Tier.MONTH, START);
        window(SLOT, 2, 10);
        window(SLOT + Duration.ofHours(1).toMillis(), 1, 10);
        store.failMerges(target -> target.equals(failing) ? new TransportException("WRONGTYPE", null) : null);

        assertThatThrownBy(this::pass).hasCause(new TransportException("WRONGTYPE", null));

        assertThat(store.periods(Tier.HOUR)).containsExactly(next);
        assertThat(store.get(berlin.containing(Tier.DAY, START)).number("num_msg_published"))
                .isEqualTo(10);
        assertThat(store.get(month).number("num_msg_published")).isEqualTo(10);

        store.failMerges(target -> null);
        nowMillis += TierRollUp.UNFINISHED.toMillis();
        assertThat(pass()).isEqualTo(3);
        assertThat(store.get(month).number("num_msg_published")).isEqualTo(30);
    }

    @Test
    void severalFail_theFirstIsReported() {
        window(SLOT, 2, 10);
        window(SLOT + Duration.ofHours(1).toMillis(), 1, 10);
        store.failMerges(target -> {
            throw new IllegalStateException("from " + target.startSeconds());
        });

        assertThatThrownBy(this::pass).hasRootCauseMessage("from " + START / 3_600 * 3_600);
        assertThat(store.merges()).isEqualTo(2);
    }
}
