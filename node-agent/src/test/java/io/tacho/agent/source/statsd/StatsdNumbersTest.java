// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.model.Field;
import io.tacho.model.NodeTotals;
import io.tacho.model.RequestKind;
import io.tacho.testing.CapturedLog;
import io.tacho.testing.ManualTicker;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("captures a log")
class StatsdNumbersTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final double[] RATES = {1, 0.5, 0.25};

    private final ManualTicker ticker = new ManualTicker();
    private final IntervalRecorder recorder = new IntervalRecorder();
    private final StatsdNumbers numbers = new StatsdNumbers(recorder);
    private final StatsdIntake intake = new StatsdIntake(StatsdNames.documented(), numbers, ticker);

    private static StatsdSettings settings(InetSocketAddress listen, Path socket) {
        return new StatsdSettings(listen, socket, null, MINUTE, MINUTE);
    }

    /** Compares with a model: a sampled line counts as {@code 1 / rate} unsampled lines. */
    @Test
    void windows_haveCountsOfAllLines() {
        Random random = new Random(23);
        Map<Field, Long> totals = new EnumMap<>(Field.class);
        long gauge = 0;
        for (int window = 0; window < 30; window++) {
            Map<Field, Long> counts = new EnumMap<>(Field.class);
            Set<String> users = new HashSet<>();
            long longest = 0;
            for (int line = random.nextInt(60); line >= 0; line--) {
                double rate = RATES[random.nextInt(3)];
                long value = random.nextInt(1_000);
                long times = Math.round(1 / rate);
                switch (random.nextInt(4)) {
                    case 0 -> {
                        intake.packet("tacho.num_msg_sent:" + value + "|c|@" + rate);
                        counts.merge(Field.NUM_MSG_SENT, value * times, Long::sum);
                    }
                    case 1 -> {
                        intake.packet("tacho.time_api:" + value + "|ms|@" + rate);
                        counts.merge(Field.NUM_API_REQUESTS, times, Long::sum);
                        longest = Math.max(longest, value * 1_000_000);
                    }
                    case 2 -> {
                        boolean change = random.nextBoolean();
                        String sign = !change ? "" : random.nextBoolean() ? "+" : "-";
                        intake.packet("tacho.num_clients:" + sign + value + "|g");
                        gauge = Math.max(0, sign.isEmpty() ? value : sign.equals("+") ? gauge + value : gauge - value);
                    }
                    default -> {
                        intake.packet("tacho.num_unique_clients:user-" + value + "|s");
                        users.add("user-" + value);
                    }
                }
            }
            numbers.endWindow();
            RecordedInterval recorded = numbers.complete(recorder.takeInterval());
            counts.forEach((field, count) -> totals.merge(field, count, Long::sum));
            NodeTotals sums = numbers.complete(recorder.totals());

            assertThat(recorded.numMsgSent()).isEqualTo(counts.getOrDefault(Field.NUM_MSG_SENT, 0L));
            assertThat(recorded.api().count()).isEqualTo(counts.getOrDefault(Field.NUM_API_REQUESTS, 0L));
            assertThat(recorded.api().max()).isEqualTo(longest);
            assertThat(sums.number(Field.NUM_MSG_SENT)).isEqualTo(totals.getOrDefault(Field.NUM_MSG_SENT, 0L));
            assertThat(sums.number(Field.NUM_API_REQUESTS)).isEqualTo(totals.getOrDefault(Field.NUM_API_REQUESTS, 0L));
            assertThat(numbers.gauge(Field.NUM_CLIENTS).orElse(0)).isEqualTo(gauge);
            assertThat(numbers.gauge(Field.NUM_UNIQUE_CLIENTS).orElse(0)).isEqualTo(users.size());
        }
    }

    @Test
    void line_withInvalidValue_changesNothing() {
        intake.packet("tacho.time_api:5:-1|ms\ntacho.num_msg_sent:7:x|c\ntacho.num_clients:4:1e400|g");
        numbers.endWindow();
        RecordedInterval recorded = numbers.complete(recorder.takeInterval());

        assertThat(recorded.api().count()).isZero();
        assertThat(recorded.numMsgSent()).isZero();
        assertThat(numbers.gauge(Field.NUM_CLIENTS)).isEmpty();
        assertThat(intake.rejected(Rejected.Reason.BAD_VALUE)).isEqualTo(3);
    }

    @Test
    void sampledRequest_fractionIsCarriedOver() {
        for (int i = 0; i < 3; i++) {
            intake.packet("tacho.time_client:1|ms|@0.4");
        }

        // each line counts 2.5: it is recorded as 2, 3 and 2
        assertThat(recorder.takeInterval().client().count()).isEqualTo(7);
        assertThat(RequestKind.CLIENT.count()).isEqualTo(Field.NUM_CLIENT_REQUESTS);
    }

    @Test
    void silence_isTimeSinceLastValidLine() {
        assertThat(intake.silentNanos(ticker.getAsLong())).isEqualTo(Long.MAX_VALUE);
        intake.packet("garbage");
        assertThat(intake.silentNanos(ticker.getAsLong())).isEqualTo(Long.MAX_VALUE);

        intake.packet("tacho.num_clients:1|g");
        ticker.advance(MINUTE);
        intake.packet("tacho.num_clients:x|g");

        assertThat(intake.silentNanos(ticker.getAsLong())).isEqualTo(MINUTE.toNanos());
    }

    @Test
    void truncatedPacket_onlyLastLineIsLost() {
        intake.cutPacket("tacho.num_msg_sent:1|c\ntacho.num_msg_sent:2|c\ntacho.num_msg_sent:3");
        intake.cutPacket("tacho.num_msg_sent:4|c");
        numbers.endWindow();

        assertThat(numbers.complete(recorder.takeInterval()).numMsgSent()).isEqualTo(3);
        assertThat(intake.rejected(Rejected.Reason.CUT)).isEqualTo(2);
        assertThat(intake.rejected(Rejected.Reason.MALFORMED)).isZero();
    }

    @Test
    void rejectedLines_areLoggedOncePerMinute_withReasonsAndExample() {
        try (CapturedLog log = CapturedLog.of(StatsdIntake.class)) {
            intake.report();
            intake.packet("gar\u001bbage" + "x".repeat(200) + "\n_e{1,1}:a|b\nmore garbage");
            intake.report();
            assertThat(log.warnings())
                    .containsExactly("StatsD lines rejected: 2 malformed, 1 events and service checks; for example:"
                            + " 'gar?bage" + "x".repeat(72) + "'");

            intake.packet("third");
            ticker.advance(MINUTE.minusNanos(1));
            intake.report();
            assertThat(log.warnings()).hasSize(1);

            ticker.advance(Duration.ofNanos(1));
            intake.report();
            intake.report();
            assertThat(log.warnings())
                    .hasSize(2)
                    .last()
                    .isEqualTo("StatsD lines rejected: 1 malformed; for example: 'third'");
            assertThat(intake.rejected(Rejected.Reason.MALFORMED)).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @CsvSource({"0770, rwxrwx---", "666, rw-rw-rw-", "0000, ---------", "421, r---w---x", "0755, rwxr-xr-x"})
    void socketMode_isParsedLikeChmod(String octal, String symbols) {
        assertThat(StatsdSettings.mode(octal)).isEqualTo(PosixFilePermissions.fromString(symbols));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "77", "0888", "1770", "07777", "rwx", "-77"})
    void socketMode_invalid_isRejected(String octal) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StatsdSettings.mode(octal))
                .withMessage("socket-mode: '" + octal + "' (expected: octal permissions, e.g. 0666)");
    }

    @Test
    void settings_invalid_areReportedTogether() {
        assertThat(settings(null, Path.of("/" + "x".repeat(106))).socketMode())
                .isEqualTo(StatsdSettings.DEFAULT_SOCKET_MODE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(null, Path.of("/" + "x".repeat(107))))
                .withMessage("socket: a path of 108 bytes (expected: at most 107, a limit of Unix sockets)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StatsdSettings(null, null, null, Duration.ZERO, Duration.ofSeconds(-1)))
                .withMessageContainingAll(
                        "source: statsd without listen and socket (expected: one of them, or both)",
                        "stale-after: ",
                        "gone-after: ");
    }
}
