// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.batch;
import static io.tacho.testing.Windows.histogram;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lettuce.core.api.sync.RedisCommands;
import io.tacho.codec.PeriodCodec;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowDetail;
import io.tacho.model.period.Peak;
import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodCalendar;
import io.tacho.model.period.PeriodSummary;
import io.tacho.model.period.Tier;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.PeriodStore;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.TierRetention;
import io.tacho.testing.RedisExtension;
import io.tacho.testing.Resources;
import io.tacho.testing.Summaries;
import java.math.BigInteger;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Storage of hours, days and months in Redis, also after loss of their source windows. */
class RedisPeriodStoreIT {

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static final PeriodCalendar UTC = new PeriodCalendar(ZoneId.of("UTC"));
    private static final Period HOUR = UTC.containing(Tier.HOUR, SLOT / 1_000);
    private static final Period DAY = UTC.containing(Tier.DAY, SLOT / 1_000);

    @AutoClose
    private final Resources resources = new Resources();

    private final RedisSettings settings = redis.settings();
    private final RedisTransport transport = resources.closeLater(new RedisTransport(settings, new SnapshotCodec()));
    private final SnapshotPublisher publisher = resources.closeLater(transport.publisher());
    private final PeriodStore store = resources.closeLater(transport.periods(TierRetention.DEFAULT));
    private final RedisCommands<String, String> commands = redis.commands();
    private final String tag = "{" + settings.namespace() + ":0}";

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private boolean roll(Period target) throws Exception {
        List<Period> sources = get(store.index(target.tier().finer())).changes().keySet().stream()
                .filter(period ->
                        UTC.containing(target.tier(), period.middleSeconds()).equals(target))
                .sorted()
                .toList();
        return get(store.rollUp(target, sources));
    }

    private PeriodSummary read(Period period) throws Exception {
        return get(store.read(List.of(period))).get(period);
    }

    private void upload(String uid, long mark, long number, long slot, long factor) throws Exception {
        get(publisher.upload(batch(uid, mark, number, minute(slot, factor, 425, 500 * factor))));
    }

    @Test
    void hour_isExactMergeOfItsWindows() throws Exception {
        upload("u1", 0, 1, SLOT, 1);
        upload("u2", 0, 1, SLOT, 100);
        upload("u1", 1, 2, SLOT + 60_000, 7);

        assertThat(roll(HOUR)).isTrue();

        PeriodSummary hour = read(HOUR);
        assertThat(hour.numbers())
                .containsEntry("node_windows", BigInteger.valueOf(3))
                .containsEntry("seconds", BigInteger.valueOf(120))
                .containsEntry("num_msg_published", BigInteger.valueOf(108))
                .containsEntry("time_client_sum", BigInteger.valueOf(9 * 108))
                .containsEntry("num_clients_seconds", BigInteger.valueOf(11 * 108 * 60))
                .containsEntry("node_seconds", BigInteger.valueOf(180))
                .containsEntry("time_api_max", BigInteger.valueOf(1600));
        assertThat(hour.secondsByNodes()).isEqualTo(Map.of(1L, 60L, 2L, 60L));
        assertThat(hour.peaks())
                .containsEntry(Field.NUM_CLIENTS, new Peak(11 * 101, SLOT / 1_000))
                .containsEntry(Field.NUM_MSG_PUBLISHED, new Peak(101, SLOT / 1_000));
        assertThat(hour.timeApi())
                .isEqualTo(histogram(425, 500, 425, 50_000, 425, 3_500).encoded());
        assertThat(commands.pttl(tag + ":history:hour:3600:" + 1_000 * HOUR.startSeconds()))
                .isCloseTo(
                        TierRetention.DEFAULT.expiryMillis(HOUR) - System.currentTimeMillis(),
                        within(TimeUnit.MINUTES.toMillis(1)));
    }

    @Test
    void rollUp_repeated_changesNothing() throws Exception {
        upload("u1", 0, 1, SLOT, 1);
        assertThat(roll(HOUR)).isTrue();
        Map<String, String> entry = commands.hgetall(tag + ":history:hour:3600:" + 1_000 * HOUR.startSeconds());
        Double changed = commands.zscore(tag + ":history:hours", "3600:" + 1_000 * HOUR.startSeconds());

        assertThat(roll(HOUR)).isFalse();
        assertThat(commands.zscore(tag + ":history:hours", "3600:" + 1_000 * HOUR.startSeconds()))
                .isEqualTo(changed);

        commands.del(tag + ":history:hour:3600:" + 1_000 * HOUR.startSeconds());
        assertThat(roll(HOUR)).isTrue();
        assertThat(commands.hgetall(tag + ":history:hour:3600:" + 1_000 * HOUR.startSeconds()))
                .as("stored bytes are unchanged")
                .isEqualTo(entry);
    }

    @Test
    void lateWindow_isInAllTiersAfterNextRollUp() throws Exception {
        upload("u1", 0, 1, SLOT, 1);
        roll(HOUR);
        roll(DAY);
        upload("u2", 0, 1, SLOT, 10);

        assertThat(roll(HOUR)).isTrue();
        assertThat(roll(DAY)).isTrue();

        assertThat(read(DAY).number("num_msg_published")).isEqualTo(11);
        assertThat(read(DAY).peaks()).containsEntry(Field.NUM_CLIENTS, new Peak(121, SLOT / 1_000));
    }

    @Test
    void distinctUsers_areUnion_readableByRedis() throws Exception {
        for (int node = 0; node < 3; node++) {
            for (int minute = 0; minute < 2; minute++) {
                NodeWindow window = minute(SLOT + 60_000L * minute, 1);
                int first = 1_000 * node + 500 * minute;
                get(publisher.upload(batch(
                        "u" + node,
                        minute,
                        minute + 1,
                        window.withDetail(new WindowDetail(
                                null,
                                null,
                                Summaries.users(first, first + 1_000).encoded(),
                                null)))));
            }
        }
        roll(HOUR);
        roll(DAY);

        assertThat(read(DAY).users().decode().count().estimate()).isBetween(3_430L, 3_570L);
        assertThat(read(DAY).users()).isEqualTo(Summaries.users(0, 3_500).encoded());
        assertThat(read(DAY).number("users_nodes")).isEqualTo(6);
        assertThat(read(DAY).peaks().get(Field.NUM_UNIQUE_CLIENTS).value()).isBetween(2_940L, 3_060L);
        redis.binaryCommands().set(tag + ":test", read(DAY).users().bytes());
        assertThat(commands.pfcount(tag + ":test")).isBetween(3_430L, 3_570L);
    }

    @Test
    void rollUp_sourceWindowEvicted_summaryIsUnchanged() throws Exception {
        upload("u1", 0, 1, SLOT, 1);
        upload("u1", 1, 2, SLOT + 60_000, 1);
        roll(HOUR);
        commands.del(tag + ":window:60:" + SLOT);

        assertThat(roll(HOUR)).isFalse();

        assertThat(read(HOUR).nodeWindows()).isEqualTo(2);
    }

    @Test
    void restore_roundTrips_doesNotReplaceLargerSummary() throws Exception {
        upload("u1", 0, 1, SLOT, 1);
        roll(HOUR);
        PeriodSummary before = read(HOUR);
        commands.del(tag + ":history:hour:3600:" + 1_000 * HOUR.startSeconds());

        PeriodCodec.Line line = PeriodCodec.line(PeriodCodec.line(HOUR, before));
        assertThat(get(store.restore(line.period(), line.summary()))).isTrue();

        assertThat(PeriodCodec.line(HOUR, read(HOUR))).isEqualTo(PeriodCodec.line(HOUR, before));
        assertThat(get(store.restore(HOUR, PeriodSummary.EMPTY))).isFalse();
        assertThat(read(HOUR)).isEqualTo(before);
    }

    @Test
    void restore_withSeveralPartitions_countsOnce() throws Exception {
        RedisSettings settings = new RedisSettings(
                redis.settings().uri(), redis.settings().namespace() + "-4", 4, Duration.ofSeconds(5));
        try (RedisTransport several = new RedisTransport(settings, new SnapshotCodec());
                SnapshotPublisher agents = several.publisher();
                PeriodStore periods = several.periods(TierRetention.DEFAULT)) {
            for (int node = 0; node < 20; node++) {
                get(agents.upload(batch("u" + node, 0, 1, minute(SLOT, 1, 425))));
            }
            List<Period> sources =
                    List.copyOf(get(periods.index(Tier.WINDOW)).changes().keySet());
            assertThat(get(periods.rollUp(HOUR, sources))).isTrue();
            PeriodSummary complete = get(periods.read(List.of(HOUR))).get(HOUR);

            assertThat(get(periods.restore(HOUR, complete))).isFalse();

            assertThat(get(periods.read(List.of(HOUR))).get(HOUR)).isEqualTo(complete);
            assertThat(complete.nodeWindows()).isEqualTo(20);
        }
    }

    @Test
    void keyOfWrongType_isReplaced() throws Exception {
        upload("u1", 0, 1, SLOT, 1);
        commands.set(tag + ":history:hour:3600:" + 1_000 * HOUR.startSeconds(), "text");
        commands.set(tag + ":history:hours", "text");

        assertThat(roll(HOUR)).isTrue();

        assertThat(read(HOUR).nodeWindows()).isEqualTo(1);
    }

    @Test
    void sourceOfWrongType_isMissing() throws Exception {
        upload("u1", 0, 1, SLOT, 1);
        upload("u2", 0, 1, SLOT + 60_000, 1);
        commands.set(tag + ":window:60:" + SLOT, "text");
        Period otherHour = UTC.containing(Tier.HOUR, SLOT / 1_000 + 3_600);
        upload("u1", 1, 2, 1_000 * otherHour.startSeconds(), 1);

        assertThat(roll(HOUR)).isTrue();
        assertThat(roll(otherHour)).isTrue();
        commands.set(tag + ":history:hour:3600:" + 1_000 * HOUR.startSeconds(), "text");
        assertThat(roll(DAY)).isTrue();

        assertThat(read(DAY).nodeWindows()).as("without the hour").isEqualTo(1);
        assertThat(commands.get(tag + ":window:60:" + SLOT)).isEqualTo("text");

        assertThat(roll(HOUR)).as("is replaced").isTrue();
        assertThat(roll(DAY)).isTrue();
        assertThat(read(HOUR).nodeWindows()).as("without the window").isEqualTo(1);
        assertThat(read(DAY).nodeWindows()).isEqualTo(2);
    }
}
