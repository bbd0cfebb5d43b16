// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.Encoded;
import io.tacho.store.ClusterClock;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowUpload;
import io.tacho.testing.Windows;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RetainedWindowsTest {

    private static final Duration DAY = Duration.ofHours(24);

    private static final ClusterClock CLOCK = new ClusterClock(InstantSource.system(), System::nanoTime);

    private final RetainedWindows retained = new RetainedWindows(DAY, "w1", CLOCK);

    private static ClosedWindow window(String uid, int minute) {
        return new ClosedWindow(uid, minute(SLOT + 60_000L * minute, 1), null);
    }

    private static long end(int minute) {
        return SLOT + 60_000L * (minute + 1);
    }

    private int add(String uid, int minute) {
        return retained.add(window(uid, minute), minute * Duration.ofMinutes(1).toNanos());
    }

    private List<Long> numbers() {
        WindowUpload batch = retained.nextUpload();
        return batch == null
                ? List.of()
                : batch.windows().stream().map(WindowUpload.Numbered::number).toList();
    }

    @Test
    void nextUpload_containsUnconfirmedWindows() {
        assertThat(retained.nextUpload()).isNull();
        add("a", 0);
        add("a", 1);

        WindowUpload first = retained.nextUpload();
        retained.confirm("a", UploadResult.of(first.lastNumber()));
        add("a", 2);

        assertThat(first.highWaterMark()).isZero();
        assertThat(first.windows()).extracting(WindowUpload.Numbered::number).containsExactly(end(0), end(1));
        assertThat(retained.nextUpload().highWaterMark()).isEqualTo(end(1));
        assertThat(numbers()).containsExactly(end(2));
        retained.confirm("a", UploadResult.of(end(2)));
        assertThat(retained.nextUpload()).isNull();
    }

    @Test
    void nextUpload_beforeResponse_isUnchanged() {
        add("a", 0);
        WindowUpload first = retained.nextUpload();

        assertThat(retained.nextUpload()).isEqualTo(first);
    }

    @Test
    void nextUpload_isBounded() {
        IntStream.range(0, 20).forEach(minute -> add("a", minute));

        assertThat(numbers()).hasSize(UploadSequence.MAX_BATCH).startsWith(end(0));
        retained.confirm("a", UploadResult.of(end(7)));
        assertThat(numbers()).hasSize(UploadSequence.MAX_BATCH).startsWith(end(8));
    }

    @Test
    void confirm_storeLostHighWaterMark_allAreUploadedAgain() {
        IntStream.range(0, 3).forEach(minute -> add("a", minute));
        retained.confirm("a", UploadResult.of(end(2)));
        assertThat(retained.nextUpload()).isNull();

        retained.confirm("a", UploadResult.of(0));

        assertThat(retained.nextUpload().highWaterMark()).isZero();
        assertThat(numbers()).containsExactly(end(0), end(1), end(2));
    }

    @Test
    void confirm_storeLostHighWaterMark_windowsOfPreviousUidsAreUploadedAgain() {
        add("a", 0);
        retained.confirm("a", UploadResult.of(end(0)));
        add("b", 1);
        retained.confirm("b", UploadResult.of(end(1)));
        assertThat(retained.nextUpload()).isNull();

        retained.confirm("b", UploadResult.of(0));

        assertThat(retained.nextUpload().uid()).isEqualTo("a");
        assertThat(retained.nextUpload().highWaterMark()).isZero();
        retained.confirm("a", UploadResult.of(end(0)));
        assertThat(retained.nextUpload().uid()).isEqualTo("b");
        retained.confirm("b", UploadResult.of(end(1)));
        assertThat(retained.nextUpload())
                .as("a mark that advances loses nothing")
                .isNull();
    }

    @Test
    void confirm_storeLostLastWrites_windowsOfPreviousUidsThatItHasAreNotUploadedAgain() {
        IntStream.range(0, 2).forEach(minute -> add("a", minute));
        retained.confirm("a", UploadResult.of(end(1)));
        IntStream.range(2, 4).forEach(minute -> add("b", minute));
        retained.confirm("b", UploadResult.of(end(3)));

        retained.confirm("b", UploadResult.of(end(2)));
        assertThat(retained.nextUpload().uid()).isEqualTo("a");
        retained.confirm("a", UploadResult.of(end(1)));

        assertThat(retained.nextUpload().uid()).isEqualTo("b");
        assertThat(numbers()).containsExactly(end(3));
    }

    @Test
    void confirm_storeLostLastWrites_otherProgramsMarkOfAnotherUidIsKept() {
        add("a", 5);
        retained.confirm("a", UploadResult.of(end(3)));
        add("b", 6);
        retained.confirm("b", UploadResult.of(end(6)));

        retained.confirm("b", UploadResult.of(0));

        assertThat(retained.nextUpload().uid()).isEqualTo("a");
        assertThat(retained.nextUpload().highWaterMark()).isEqualTo(end(3));
    }

    @Test
    void confirm_storeLostLastWrites_lostOnesAreUploadedAgain() {
        IntStream.range(0, 4).forEach(minute -> add("a", minute));
        retained.confirm("a", UploadResult.of(end(2)));

        retained.confirm("a", UploadResult.of(end(0)));

        assertThat(retained.nextUpload().highWaterMark()).isEqualTo(end(0));
        assertThat(numbers()).containsExactly(end(1), end(2), end(3));
    }

    @Test
    void confirm_responseLost_storedWindowIsNotUploadedAgain() {
        add("a", 0);
        retained.nextUpload();
        add("a", 1);

        retained.confirm("a", UploadResult.of(end(0)));

        assertThat(numbers()).containsExactly(end(1));
    }

    @Test
    void confirm_highWaterMarkOfFormerAgent_continuesFromIt() {
        add("a", 5);

        retained.confirm("a", UploadResult.of(end(3)));

        assertThat(retained.nextUpload().highWaterMark()).isEqualTo(end(3));
        assertThat(numbers()).containsExactly(end(5));
    }

    @Test
    void confirm_highWaterMarkOfFormerAgentAhead_windowIsRenumbered() {
        add("a", 5);
        add("a", 6);

        retained.confirm("a", UploadResult.of(end(5) + 10));

        assertThat(retained.nextUpload().highWaterMark()).isEqualTo(end(5) + 10);
        assertThat(numbers()).containsExactly(end(5) + 11, end(6));
        retained.confirm("a", UploadResult.of(end(6)));
        assertThat(retained.nextUpload()).isNull();
    }

    @Test
    void add_clockSetBack_numbersIncrease() {
        add("a", 5);
        add("a", 3);

        assertThat(numbers()).containsExactly(end(5), end(5) + 1);
    }

    @Test
    void add_otherUid_hasOwnSequence() {
        add("a", 0);
        add("b", 1);

        assertThat(retained.nextUpload().uid()).isEqualTo("a");
        retained.confirm("a", UploadResult.of(end(0)));
        assertThat(retained.nextUpload().uid()).isEqualTo("b");
        assertThat(retained.nextUpload().highWaterMark()).isZero();
        retained.confirm("b", UploadResult.of(end(1)));
        assertThat(retained.nextUpload()).isNull();
    }

    @Test
    void add_aboveMaximumCount_oldestAreDropped() {
        int dropped = 0;
        for (int minute = 0; minute < 130; minute++) {
            dropped += add("a", minute);
            if (minute < 4) {
                retained.confirm("a", UploadResult.of(end(minute)));
            }
        }

        assertThat(dropped).as("130 - 120, minus 4 that were uploaded").isEqualTo(6);
        assertThat(numbers()).startsWith(end(10));
    }

    @Test
    void add_aboveMaximumSize_oldestAreDropped() {
        NodeWindow large = new NodeWindow(
                60,
                new MetricsWindow(SLOT, SLOT + 60_000),
                minute(SLOT, 1).sums(),
                minute(SLOT, 1).gauges(),
                0,
                0,
                new WindowDetail(
                        Encoded.histogram(new byte[24 * 1024]),
                        null,
                        Encoded.hyperLogLog(new byte[12 * 1024]),
                        Encoded.hyperLogLog(new byte[12 * 1024])));
        List<Integer> dropped = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            dropped.add(retained.add(new ClosedWindow("a", large, null), 0));
        }

        assertThat(dropped.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100 - 84);
    }

    @Test
    void add_sizeIncludesExtraValues() {
        Map<String, Extra> many = new HashMap<>();
        for (int i = 0; i < Extras.MAX_EXTRAS; i++) {
            many.put(
                    "e" + i,
                    Extra.timer(Windows.histogram(
                            LongStream.range(0, 360).map(n -> n * n * n).toArray())));
        }
        NodeWindow window = minute(SLOT, 1).withExtras(new Extras(many));
        int dropped = 0;
        for (int i = 0; i < RetainedWindows.MAX_WINDOWS + 5; i++) {
            dropped += retained.add(new ClosedWindow("a", window, null), 0);
        }

        int size = Math.toIntExact(400 + window.detail().extras().memoryBytes());
        assertThat(size).isGreaterThan(40_000);
        assertThat(RetainedWindows.MAX_WINDOWS + 5 - dropped).isEqualTo((int) RetainedWindows.MAX_BYTES / size);
    }

    @Test
    void add_windowsOlderThanHistory_areDropped() {
        RetainedWindows brief = new RetainedWindows(Windows.HISTORY, "w1", CLOCK);
        brief.add(window("a", 0), 0);
        brief.confirm("a", UploadResult.of(end(0)));
        brief.add(window("a", 61), Duration.ofMinutes(61).toNanos());

        brief.confirm("a", UploadResult.of(0));

        assertThat(brief.nextUpload().windows())
                .as("older window was uploaded once, and is not uploaded again")
                .extracting(WindowUpload.Numbered::number)
                .containsExactly(end(61));
    }
}
