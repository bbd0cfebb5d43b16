// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import static io.tacho.aggregator.history.Clusters.EPOCH;
import static io.tacho.aggregator.history.Clusters.detail;
import static io.tacho.aggregator.history.Clusters.minute;
import static io.tacho.aggregator.history.Clusters.window;
import static io.tacho.aggregator.history.HistoryField.BYTES_CLIENT_IN;
import static io.tacho.aggregator.history.HistoryField.BYTES_CLIENT_OUT;
import static io.tacho.aggregator.history.HistoryField.CPU_USAGE;
import static io.tacho.aggregator.history.HistoryField.MEMORY_SYS;
import static io.tacho.aggregator.history.HistoryField.NODES;
import static io.tacho.aggregator.history.HistoryField.NUM_API_REQUESTS;
import static io.tacho.aggregator.history.HistoryField.NUM_CHANNELS;
import static io.tacho.aggregator.history.HistoryField.NUM_CHANNELS_LOWER;
import static io.tacho.aggregator.history.HistoryField.NUM_CHANNELS_UPPER;
import static io.tacho.aggregator.history.HistoryField.NUM_CLIENTS;
import static io.tacho.aggregator.history.HistoryField.NUM_CLIENT_REQUESTS;
import static io.tacho.aggregator.history.HistoryField.NUM_GOROUTINE;
import static io.tacho.aggregator.history.HistoryField.NUM_MSG_PUBLISHED;
import static io.tacho.aggregator.history.HistoryField.NUM_MSG_QUEUED;
import static io.tacho.aggregator.history.HistoryField.NUM_MSG_SENT;
import static io.tacho.aggregator.history.HistoryField.NUM_UNIQUE_CLIENTS;
import static io.tacho.aggregator.history.HistoryField.NUM_UNIQUE_CLIENTS_LOWER;
import static io.tacho.aggregator.history.HistoryField.NUM_UNIQUE_CLIENTS_UPPER;
import static io.tacho.aggregator.history.HistoryField.SECONDS;
import static io.tacho.aggregator.history.HistoryField.TIME_API_MAX;
import static io.tacho.aggregator.history.HistoryField.TIME_API_MEAN;
import static io.tacho.aggregator.history.HistoryField.TIME_API_P50;
import static io.tacho.aggregator.history.HistoryField.TIME_API_P90;
import static io.tacho.aggregator.history.HistoryField.TIME_API_P99;
import static io.tacho.aggregator.history.HistoryField.TIME_CLIENT_MAX;
import static io.tacho.aggregator.history.HistoryField.TIME_CLIENT_MEAN;
import static io.tacho.aggregator.history.HistoryField.TIME_CLIENT_P99;
import static io.tacho.aggregator.history.HistoryField.TIME_CLIENT_P999;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.model.ClusterWindow;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowSlot;
import io.tacho.testing.Snapshots;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HistoryReaderTest {

    private final WindowCache history = new WindowCache();
    private Instant now = Instant.ofEpochSecond(EPOCH + 1_000_000);
    private final InstantSource clock = () -> now;
    private final HistoryReader reader = new HistoryReader(history, clock);

    private void put(ClusterWindow... windows) {
        history.put(List.of(windows));
    }

    private HistoryResult read(long from, long to, long step) {
        return reader.read(new HistorySpan(EPOCH + from, EPOCH + to, step));
    }

    @Test
    void oneWindow_hasTheValuesOfTheStep() {
        put(minute(0, 7));

        HistoryResult read = read(0, 60, 60);

        assertThat(read.stepSeconds()).isEqualTo(60);
        assertThat(read.firstSeconds()).isEqualTo(EPOCH);
        assertThat(read.windows()).isEqualTo(Map.of(60L, 1L));
        assertThat(read.leftOut()).isEmpty();
        HistoryStep step = read.steps().get(0);
        assertThat(step.get(SECONDS)).isEqualTo(60);
        assertThat(step.get(NODES)).isEqualTo(3);
        assertThat(step.get(NUM_MSG_PUBLISHED)).isEqualTo(7);
        assertThat(step.get(NUM_MSG_QUEUED)).isEqualTo(14);
        assertThat(step.get(NUM_MSG_SENT)).isEqualTo(21);
        assertThat(step.get(NUM_API_REQUESTS)).isEqualTo(28);
        assertThat(step.get(NUM_CLIENT_REQUESTS)).isEqualTo(35);
        assertThat(step.get(BYTES_CLIENT_IN)).isEqualTo(42);
        assertThat(step.get(BYTES_CLIENT_OUT)).isEqualTo(49);
        assertThat(step.get(NUM_GOROUTINE)).isEqualTo(70);
        assertThat(step.get(NUM_CLIENTS)).isEqualTo(77);
        assertThat(step.get(MEMORY_SYS)).isEqualTo(98);
        assertThat(step.get(CPU_USAGE)).isEqualTo(105);
        assertThat(step.get(TIME_API_MEAN)).isEqualTo(2);
        assertThat(step.get(TIME_CLIENT_MEAN)).isEqualTo(20);
        assertThat(step.get(TIME_API_MAX)).isEqualTo(112);
        assertThat(step.get(TIME_CLIENT_MAX)).isEqualTo(119);
    }

    @Test
    void severalWindows_sumsMeansAndMaxima() {
        put(minute(0, 10), minute(1, 20), minute(2, 60));

        HistoryStep step = read(0, 180, 180).steps().get(0);

        assertThat(step.get(SECONDS)).isEqualTo(180);
        assertThat(step.get(NODES)).isEqualTo(3);
        assertThat(step.get(NUM_MSG_PUBLISHED)).isEqualTo(90);
        assertThat(step.get(NUM_CLIENTS)).isEqualTo(11 * 30);
        assertThat(step.get(TIME_CLIENT_MAX)).isEqualTo(17 * 60);
        assertThat(step.get(TIME_CLIENT_MEAN)).isEqualTo(20);
    }

    @Test
    void severalWindows_quantilesIncludeAllRequests() {
        List<Long> fast = LongStream.rangeClosed(1, 90).boxed().toList();
        List<Long> slow = LongStream.rangeClosed(91, 100).boxed().toList();
        put(window(60, EPOCH, 1, 1, detail(fast, 0, 1)), window(60, EPOCH + 60, 1, 1, detail(slow, 0, 1)));

        HistoryStep step = read(0, 120, 120).steps().get(0);

        assertThat(step.get(TIME_API_P50)).isEqualTo(50);
        assertThat(step.get(TIME_API_P90)).isEqualTo(90);
        assertThat(step.get(TIME_CLIENT_P99)).isEqualTo(99);
        assertThat(step.get(TIME_CLIENT_P999)).isEqualTo(100);
    }

    @Test
    void severalWindows_userInBoth_countsOnce() {
        put(
                window(60, EPOCH, 2, 1, detail(List.of(), 0, 100)),
                window(60, EPOCH + 60, 2, 1, detail(List.of(), 50, 150)));

        HistoryStep step = read(0, 120, 120).steps().get(0);

        assertThat(step.get(NUM_UNIQUE_CLIENTS)).isEqualTo(150);
        assertThat(step.get(NUM_UNIQUE_CLIENTS_LOWER)).isLessThanOrEqualTo(150);
        assertThat(step.get(NUM_CHANNELS_UPPER)).isBetween(150L, 155L);
    }

    @Test
    void nodesWithoutSketches_usersAreBetweenTheLargestNodeAndTheSum() {
        put(minute(0, 10));

        HistoryStep step = read(0, 60, 60).steps().get(0);

        assertThat(step.get(NUM_UNIQUE_CLIENTS)).isNull();
        assertThat(step.get(NUM_UNIQUE_CLIENTS_LOWER)).isEqualTo(40);
        assertThat(step.get(NUM_UNIQUE_CLIENTS_UPPER)).isEqualTo(120);
        assertThat(step.get(NUM_CHANNELS)).isNull();
        assertThat(step.get(NUM_CHANNELS_LOWER)).isEqualTo(50);
        assertThat(step.get(NUM_CHANNELS_UPPER)).isEqualTo(130);
    }

    @Test
    void oneWindowWithoutSketches_boundsAreWidenedByItsSum() {
        put(window(60, EPOCH, 2, 1, detail(List.of(), 0, 100)), minute(1, 10));

        HistoryStep step = read(0, 120, 120).steps().get(0);

        assertThat(step.get(NUM_UNIQUE_CLIENTS)).isNull();
        assertThat(step.get(NUM_UNIQUE_CLIENTS_LOWER)).isBetween(98L, 100L);
        assertThat(step.get(NUM_UNIQUE_CLIENTS_UPPER)).isBetween(220L, 224L);
    }

    @Test
    void unionOfSomeOfTheNodes_isALowerBound() {
        ClusterWindow all = window(60, EPOCH, 3, 100, detail(List.of(), 0, 900));
        put(all.toBuilder().longest(0, 0).largestNode(400, 500).unionNodes(2, 3).build());

        HistoryStep step = read(0, 60, 60).steps().get(0);

        assertThat(step.get(NUM_UNIQUE_CLIENTS)).isNull();
        assertThat(step.get(NUM_UNIQUE_CLIENTS_LOWER)).isBetween(870L, 900L);
        assertThat(step.get(NUM_UNIQUE_CLIENTS_UPPER)).isEqualTo(1_200);
        assertThat(step.get(NUM_CHANNELS)).isBetween(890L, 910L);
    }

    @Test
    void unreadableDetail_isTreatedAsMissing() {
        put(window(
                60,
                EPOCH,
                2,
                10,
                new WindowDetail(
                        Snapshots.histogram("\0"),
                        Snapshots.histogram("\0"),
                        Snapshots.sketch("\0"),
                        Snapshots.sketch("\0"))));

        HistoryStep step = read(0, 60, 60).steps().get(0);

        assertThat(step.get(TIME_API_P50)).isNull();
        assertThat(step.get(NUM_UNIQUE_CLIENTS)).isNull();
        assertThat(step.get(NUM_UNIQUE_CLIENTS_UPPER)).isEqualTo(120);
    }

    @Test
    void mixedIntervals_areCountedAsSeparateNodes() {
        put(minute(0, 100));
        IntStream.range(0, 6).forEach(i -> put(window(10, EPOCH + 10 * i, 2, 1 + i, WindowDetail.NONE)));

        HistoryResult read = read(0, 300, 0);

        assertThat(read.stepSeconds()).isEqualTo(60);
        assertThat(read.windows()).isEqualTo(Map.of(10L, 6L, 60L, 1L));
        HistoryStep step = read.steps().get(0);
        assertThat(step.get(SECONDS)).isEqualTo(60);
        assertThat(step.get(NODES)).isEqualTo(5);
        assertThat(step.get(NUM_MSG_PUBLISHED)).isEqualTo(100 + 21);
        assertThat(step.get(NUM_CLIENTS)).isEqualTo(Math.round(1_100 + 11 * 3.5));
    }

    @Test
    void windowsLongerThanAStep_areExcludedAndReported() {
        IntStream.range(0, 60).forEach(i -> put(minute(i, 10)));
        put(window(3_600, EPOCH, 1, 999, WindowDetail.NONE));

        HistoryResult read = read(0, 3_600, 0);

        assertThat(read.stepSeconds()).isEqualTo(60);
        assertThat(read.windows()).isEqualTo(Map.of(60L, 60L));
        assertThat(read.leftOut()).isEqualTo(Map.of(3_600L, 1L));
        assertThat(read.steps())
                .allSatisfy(step -> assertThat(step.get(NUM_MSG_PUBLISHED)).isEqualTo(10));
    }

    @Test
    void noWindow_isAGap() {
        put(minute(0, 1), minute(2, 1));

        HistoryResult read = read(0, 180, 60);

        assertThat(read.steps()).hasSize(3);
        assertThat(read.steps().get(1).get(NUM_CLIENTS)).isNull();
        assertThat(read.steps().get(1).get(NODES)).isNull();
        assertThat(read.steps().get(2).get(NODES)).isEqualTo(3);
    }

    @Test
    void noRequests_timesAreUnknown() {
        put(ClusterWindow.builder(new WindowSlot(60, 1_000 * EPOCH))
                .nodeWindows(1)
                .detail(detail(List.of(), 0, 0))
                .unionNodes(1, 1)
                .build());

        HistoryStep step = read(0, 60, 60).steps().get(0);

        assertThat(step.get(NUM_MSG_SENT)).isZero();
        assertThat(step.get(TIME_API_MEAN)).isNull();
        assertThat(step.get(TIME_API_P99)).isNull();
        assertThat(step.get(TIME_API_MAX)).isNull();
        assertThat(step.get(NUM_UNIQUE_CLIENTS)).isZero();
    }

    @Test
    void steps_startAtMultiplesOfTheirLength() {
        put(minute(0, 1));

        HistoryResult read = read(90, 400, 100);

        assertThat(read.stepSeconds()).isEqualTo(120);
        assertThat(read.firstSeconds() % 120).isZero();
        assertThat(read.firstSeconds()).isBetween(EPOCH - 30, EPOCH + 90);
        assertThat(read.firstSeconds() + 120L * read.steps().size()).isBetween(EPOCH + 400, EPOCH + 519);
    }

    @Test
    void defaultStep_anySpan_hasAbout300Steps() {
        put(minute(0, 1));
        for (long length : new long[] {60, 3_600, 6 * 3_600, 86_400, 7 * 86_400, 365 * 86_400}) {
            assertThat(read(0, length, 0).steps().size()).as("%d s", length).isBetween(1, HistorySpan.USUAL_STEPS + 1);
        }
        assertThat(read(0, 3_600, 0).stepSeconds()).isEqualTo(60);
        assertThat(read(0, 6 * 3_600, 0).stepSeconds()).isEqualTo(120);
        assertThat(read(0, 86_400, 0).stepSeconds()).isEqualTo(300);
    }

    @Test
    void incompleteWindow_isNotReturned() {
        put(minute(0, 1), minute(1, 1));
        now = Instant.ofEpochSecond(EPOCH + 120 + 6);
        assertThat(read(0, 120, 60).steps().get(1).get(NODES)).isNull();

        now = Instant.ofEpochSecond(EPOCH + 120 + 7);
        assertThat(read(0, 120, 60).steps().get(1).get(NODES)).isEqualTo(3);
    }

    @Test
    void changedWindow_changesItsStep() {
        put(minute(0, 1));
        assertThat(read(0, 60, 60).steps().get(0).get(NUM_MSG_PUBLISHED)).isEqualTo(1);
        put(minute(0, 5));
        assertThat(read(0, 60, 60).steps().get(0).get(NUM_MSG_PUBLISHED)).isEqualTo(5);
        history.replaceAll(List.of());
        assertThat(read(0, 60, 60).steps().get(0).get(NUM_MSG_PUBLISHED)).isNull();
    }

    @Test
    void span_invalid_isRejected() {
        assertThatThrownBy(() -> new HistorySpan(100, 100, 0)).hasMessage("to: 100 (expected: after from, 100)");
        assertThatThrownBy(() -> new HistorySpan(0, 2_001, 1))
                .hasMessage("step: 1 s makes 2001 steps (expected: at most 2000, so a step of at least 2 s)");
        assertThatThrownBy(() -> new HistorySpan(0, 1L << 40, 0))
                .hasMessageStartingWith("to: 1099511627776 (expected: ");
        assertThatThrownBy(() -> new HistorySpan(1L << 40, 5, 0))
                .hasMessageStartingWith("from: 1099511627776 (expected: ");
    }
}
